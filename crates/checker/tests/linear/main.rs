//! Proof folders of linear models: valid ones (written by `train --method milp --proof`), one lie a precondition, mutants.

mod hostile;
mod mutants;
mod rejects;

use checker::network::Options;
use checker::proof::linear::{self, Report, check};
use checker::{Error, Rational, Source};

/// The files of a folder, as text.
#[expect(missing_docs)]
#[derive(Clone)]
pub struct Folder {
    pub problem: String,
    pub model: String,
    pub certificate: String,
    pub network: Option<String>,
    pub data: String,
}

macro_rules! folder {
    ($name:literal) => {
        Folder {
            problem: include_str!(concat!("folders/", $name, "/problem.json")).to_owned(),
            model: include_str!(concat!("folders/", $name, "/model.mps")).to_owned(),
            certificate: include_str!(concat!("folders/", $name, "/certificate.vipr")).to_owned(),
            network: Some(include_str!(concat!("folders/", $name, "/network.json")).to_owned()),
            data: include_str!(concat!("folders/", $name, "/data.csv")).to_owned(),
        }
    };
}

/// Three points on a line, the middle one of the other class; no hidden layer.
pub fn line() -> Folder {
    folder!("line")
}

/// A hidden neuron, l-infinity balls, and a price on weights that decimals and binary64 see differently.
pub fn regularised() -> Folder {
    folder!("regularised")
}

/// Two hidden neurons, which stand in order.
pub fn pair() -> Folder {
    folder!("pair")
}

/// Three classes, zero-one loss, whole weights, l1 balls, no biases.
pub fn classes() -> Folder {
    folder!("classes")
}

/// Names of the files, in the order of [`Folder::file`].
const FILES: [&str; 4] = ["problem.json", "model.mps", "certificate.vipr", "network.json"];

impl Folder {
    fn file(&mut self, name: &str) -> &mut String {
        match name {
            "problem.json" => &mut self.problem,
            "model.mps" => &mut self.model,
            "certificate.vipr" => &mut self.certificate,
            "data.csv" => &mut self.data,
            _ => self.network.as_mut().unwrap(),
        }
    }

    /// The same with the first `from` in one file replaced, which must be there.
    fn with(&self, name: &str, from: &str, to: &str) -> Self {
        let mut folder = self.clone();
        let file = folder.file(name);
        assert!(file.contains(from), "{name} lacks {from:?}:\n{file}");
        *file = file.replacen(from, to, 1);
        folder
    }

    fn run(&self) -> Result<Report, Error> {
        let source = |name: &str, text: &'_ str| Source::new(name.to_owned(), std::io::Cursor::new(text.to_owned()));
        check(linear::Folder {
            problem: source("problem.json", &self.problem),
            model: source("model.mps", &self.model),
            certificate: source("certificate.vipr", &self.certificate),
            network: self.network.as_deref().map(|text| source("network.json", text)),
            data: Some((source("data.csv", &self.data), Options::default())),
        })
    }
}

#[test]
fn valid_folders_pass() {
    for (name, folder, optimum, columns, rows) in [
        ("line", line(), 1, 5, 6),
        ("regularised", regularised(), 1, 20, 36),
        ("pair", pair(), 0, 24, 43),
        ("classes", classes(), 3, 22, 43),
    ] {
        let report = folder.run().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(report.loss, Some(optimum), "{name}");
        assert_eq!(report.objective, Some(Rational::from(optimum)), "{name}");
        // With regularisation the claimed bound is a float below.
        let bound = report.bound.unwrap();
        assert_eq!(Rational::from(bound.ceil()), Rational::from(optimum), "{name}");
        assert_eq!((report.size, report.points, report.data_compared), ((columns, rows), 3, true), "{name}");
    }
}

/// A weaker model or claim proves less, and that is no lie.
#[test]
fn less_may_be_claimed() {
    let bound = |folder: &Folder| folder.run().unwrap().bound;
    assert_eq!(
        bound(&line().with("problem.json", "\"bound\":1.0", "\"bound\":0.5")),
        Rational::from_parts(1.into(), 2u8.into()).into()
    );
    let mut folder = line().with("problem.json", "\"loss\":1", "\"loss\":null");
    folder.network = None;
    assert_eq!(bound(&folder), Some(Rational::ONE));
}
