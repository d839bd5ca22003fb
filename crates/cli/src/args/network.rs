//! The shape of a network and what training minimises.

use super::{non_negative, positive};
use clap::{Args, ValueEnum};
use heaviside::{Allowed, Direction, Loss, Norm, Trainer, WeightDomain};

/// Features and their directions as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directions(Vec<(String, Direction)>);

/// Hidden widths as given: `0` is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widths(pub Vec<usize>);

/// `--hidden`, `--weights`, `--no-bias`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Network")]
pub struct NetworkArgs {
    /// Widths of the hidden layers: 0 for none (a linear classifier), 2 for one layer of two neurons, 4,3 for two layers
    #[arg(long, value_name = "WIDTHS", default_value = "0", value_parser = widths, allow_hyphen_values = true)]
    pub hidden: Widths,

    /// Values a weight may take: continuous (reals in [-1, 1]), ternary (-1, 0, 1) or integer:B (whole numbers in [-B, B])
    #[arg(long, value_name = "DOMAIN", default_value = "continuous", value_parser = weights)]
    pub weights: WeightDomain,

    /// Fix every bias to 0
    #[arg(long)]
    pub no_bias: bool,
}

impl NetworkArgs {
    /// The trainer with this shape.
    pub fn trainer(&self, trainer: Trainer) -> Trainer {
        trainer.hidden(&self.hidden.0).weights(self.weights).bias(!self.no_bias)
    }
}

/// What is minimised, under which semantics.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Objective")]
pub struct ProblemArgs {
    /// hamming counts wrong outputs, zero-one counts points with any wrong output; the same for two classes
    #[arg(long, value_name = "LOSS", default_value = "hamming")]
    pub loss: LossName,

    /// Margin: not firing means a <= -E [default: none for the conflict-driven engine, which needs none]
    #[arg(long, value_name = "E", value_parser = positive)]
    pub epsilon: Option<f64>,

    /// Hold the first layer's activations on a ball of radius R around each point, in scaled units
    #[arg(long, value_name = "R", value_parser = non_negative)]
    pub robust: Option<f64>,

    /// Norm of that ball
    #[arg(long, value_name = "NORM", default_value = "linf", requires = "robust")]
    pub norm: NormName,

    /// Train the best network that predicts at most N points of the first class as the second (or this share of them), or say that there is
    /// none. The second class is that of --positive, or the later one of two
    #[arg(long, value_name = "N|P%", allow_hyphen_values = true)]
    pub max_false_positives: Option<Allowed>,

    /// The same for points of the second class that are predicted as the first
    #[arg(long, value_name = "N|P%", allow_hyphen_values = true)]
    pub max_false_negatives: Option<Allowed>,

    /// Let the answer follow these features in one direction only, by the signs of weights: with + more of it never turns the second class into
    /// the first, with - never the first into the second
    #[arg(long, value_name = "COL=+|-,..", value_parser = directions)]
    pub monotone: Vec<Directions>,

    /// Train the best network that looks at most at K features, all other weights of the first layer being 0
    #[arg(long, value_name = "K", value_parser = at_least_one)]
    pub max_features: Option<usize>,

    /// Add L times the number of non-zero weights to the objective
    #[arg(long, value_name = "L", default_value_t = 0.0, value_parser = non_negative)]
    pub l0: f64,

    /// Add L times the sum of absolute weights to the objective
    #[arg(long, value_name = "L", default_value_t = 0.0, value_parser = non_negative)]
    pub l1: f64,
}

impl ProblemArgs {
    /// The trainer with this objective.
    pub fn trainer(&self, trainer: Trainer) -> Trainer {
        let loss = match self.loss {
            LossName::Hamming => Loss::Hamming,
            LossName::ZeroOne => Loss::ZeroOne,
        };
        let mut trainer = trainer.loss(loss).l0(self.l0).l1(self.l1);
        if let Some(most) = self.max_false_positives {
            trainer = trainer.max_false_positives(most);
        }
        if let Some(most) = self.max_false_negatives {
            trainer = trainer.max_false_negatives(most);
        }
        for (feature, direction) in self.monotone.iter().flat_map(|directions| &directions.0) {
            trainer = trainer.monotone(feature, *direction);
        }
        if let Some(most) = self.max_features {
            trainer = trainer.max_features(most);
        }
        let trainer = match self.epsilon {
            Some(epsilon) => trainer.epsilon(epsilon),
            None => trainer,
        };
        match self.robust {
            Some(radius) => trainer.robust(radius, self.norm.norm()),
            None => trainer,
        }
    }
}

/// Names of the losses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LossName {
    /// Sum over points and outputs
    Hamming,
    /// Number of points with any wrong output
    ZeroOne,
}

/// Names of the norms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NormName {
    /// Every feature moves by at most R
    Linf,
    /// The moves add up to at most R
    L1,
}

impl NormName {
    /// The norm of this name.
    pub fn norm(self) -> Norm {
        match self {
            Self::Linf => Norm::Linf,
            Self::L1 => Norm::L1,
        }
    }
}

fn widths(text: &str) -> Result<Widths, String> {
    if text.trim() == "0" {
        return Ok(Widths(vec![]));
    }
    let width = |part: &str| match part.trim().parse::<usize>() {
        Ok(width) if width > 0 => Ok(width),
        _ => Err(format!("'{part}' is no width: expected 0, or positive whole numbers such as 2 or 4,3")),
    };
    text.split(',').map(width).collect::<Result<_, _>>().map(Widths)
}

/// `age=+,income per head=-`. Every item ends in its sign, so that names may have commas.
fn directions(text: &str) -> Result<Directions, String> {
    let mut found = vec![];
    let mut rest = text;
    while !rest.is_empty() {
        let ends = rest
            .match_indices(['+', '-'])
            .find(|&(at, _)| rest[..at].ends_with('=') && (at + 1 == rest.len() || rest[at + 1..].starts_with(',')));
        let (at, sign) = ends.ok_or_else(|| {
            format!("'{rest}' is no feature with a direction: expected such as age=+ or age=+,income=-")
        })?;
        let name = rest[..at - 1].trim();
        if name.is_empty() {
            return Err(format!("no feature is named before '={sign}'"));
        }
        found.push((name.to_owned(), sign.parse()?));
        rest = rest[at + 1..].trim_start_matches(',');
    }
    if found.is_empty() { Err("expected such as age=+ or age=+,income=-".to_owned()) } else { Ok(Directions(found)) }
}

pub fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err(format!("expected a whole number from 1 to {}", usize::MAX)),
        Ok(most) => Ok(most),
    }
}

/// Parses a domain of weights.
pub fn weights(text: &str) -> Result<WeightDomain, String> {
    text.parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_widths() {
        assert_eq!(widths("0"), Ok(Widths(vec![])));
        assert_eq!(widths("2"), Ok(Widths(vec![2])));
        assert_eq!(widths("4,3"), Ok(Widths(vec![4, 3])));
        for bad in ["", "4,0", "-1", "2,", "a", "1.5"] {
            assert!(widths(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn directions_of_features() {
        let read = |text: &str| directions(text).map(|directions| directions.0);
        let (up, down) = (Direction::Nondecreasing, Direction::Nonincreasing);
        assert_eq!(read("age=+"), Ok(vec![("age".to_owned(), up)]));
        assert_eq!(read("a,b=-,c=d=+"), Ok(vec![("a,b".to_owned(), down), ("c=d".to_owned(), up)]));
        assert_eq!(read("t-1=-, t+1=+"), Ok(vec![("t-1".to_owned(), down), ("t+1".to_owned(), up)]));
        for bad in ["", "age", "age=", "=+", "age=up", "age=+,income"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn weight_domains() {
        assert_eq!(weights("ternary"), Ok(WeightDomain::Integer(1)));
        assert_eq!(weights("integer:7"), Ok(WeightDomain::Integer(7)));
        for bad in ["integer:0", "integer:", "integer", "real", "integer:-2"] {
            assert!(weights(bad).is_err(), "{bad}");
        }
    }
}
