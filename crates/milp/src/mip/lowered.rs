//! The search on a model with special constraints: on the ordinary one that states them ([`crate::lowering`]), told in terms of the columns as they
//! were given.

use ::budget::Instant;
use ::budget::observe::What;

use super::telling::start_of;
use super::within::unsearched;
use crate::check::is_feasible;
use crate::control::{Control, Event, Hooks, Interest, Judgement, ProgressRow};
use crate::lowering::{Lowered, lower, relaxed};
use crate::model::Model;
use crate::options::Options;
use crate::outcome::{Outcome, Status, Violations};
use crate::{Budget, Error, MemoryLimit};

/// Solves a model with special constraints, by `search` on the ordinary one.
///
/// # Errors
/// Those of `search`, and [`Error::Model`] where a bound is missing that the ordinary model needs.
pub(super) fn solve(
    model: &Model,
    options: &Options,
    control: &mut dyn Control,
    search: impl FnOnce(&Model, &Options, &mut dyn Control) -> Result<Outcome, Error>,
) -> Result<Outcome, Error> {
    let began = Instant::now();
    // Nothing is known before the search.
    let late = |mut outcome: Outcome, seconds: f64| {
        outcome.statistics.seconds += seconds;
        outcome.statistics.primal_dual_integral += seconds;
        outcome
    };
    let lowered = {
        let hooks = Hooks::new(&mut *control);
        let stop = || hooks.should_stop();
        let memory = MemoryLimit::gigabytes(options.memory_limit);
        let budget = Budget::of_options(options, began).stopped_by(&stop).within(&memory);
        let lowered = lower(model, &budget);
        if let Some(status) = budget.ask() {
            return Ok(late(unsearched(&relaxed(model), status, &hooks), began.elapsed().as_secs_f64()));
        }
        lowered?
    };
    let seconds = began.elapsed().as_secs_f64();
    let options = Options {
        start: options.start.as_ref().map(|x| lowered.extend(x)),
        time_limit: (options.time_limit - seconds).max(0.0),
        ..options.clone()
    };
    let outcome = search(&lowered.model, &options, &mut Interpreter { model, lowered: &lowered, control, seconds })?;
    Ok(late(restored(outcome, &lowered, model, &options), seconds))
}

/// The same of the model as it was given.
fn restored(mut outcome: Outcome, lowered: &Lowered, model: &Model, options: &Options) -> Outcome {
    [&mut outcome.exact_solution, &mut outcome.ray].into_iter().flatten().for_each(|x| lowered.restore(x));
    outcome.solution.iter_mut().for_each(|x| lowered.restore(x));
    outcome.duals.iter_mut().for_each(|duals| duals.truncate(model.num_rows()));
    if let (Some(x), None) = (&outcome.solution, &outcome.exact_solution) {
        outcome.violations = Violations::of(model, x);
        // Tolerances of the ordinary model are hardly wider; what they let through all the same is no solution.
        if !is_feasible(model, x, options.feasibility_tolerance, 0.0) {
            (outcome.solution, outcome.objective, outcome.violations) = (None, None, Violations::default());
            if outcome.status == Status::Optimal {
                outcome.status = Status::Unresolved;
            }
        }
    }
    outcome
}

/// Tells the caller of the model as it was given what happens in the ordinary one.
struct Interpreter<'a, 'm> {
    model: &'m Model,
    lowered: &'a Lowered<'m>,
    control: &'a mut dyn Control,
    /// What stating the special constraints took.
    seconds: f64,
}

impl Control for Interpreter<'_, '_> {
    fn should_stop(&self) -> bool {
        self.control.should_stop()
    }

    fn judge(&mut self, candidate: &[f64]) -> Judgement {
        match self.control.judge(&candidate[..self.model.num_vars()]) {
            Judgement::Replace(x) if x.len() == self.model.num_vars() => Judgement::Replace(self.lowered.extend(&x)),
            other => other,
        }
    }

    fn judges(&self) -> bool {
        self.control.judges()
    }

    fn interest(&self) -> Interest {
        self.control.interest()
    }

    /// The added columns as well: they are branched on.
    fn columns(&mut self, names: &mut dyn Iterator<Item = &str>) {
        self.control.columns(names);
    }

    fn event(&mut self, event: &Event) {
        let what = match event.what {
            What::Start(_) => What::Start(start_of(self.model)),
            other => other,
        };
        self.control.event(&Event::new(event.work, what));
    }

    fn progress(&mut self, row: &ProgressRow) {
        self.control.progress(&ProgressRow { seconds: row.seconds + self.seconds, ..*row });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::VarKind;
    use std::time::Duration;

    /// Takes its time to say stop.
    struct Slow;

    const PAUSE: Duration = Duration::from_millis(20);

    impl Control for Slow {
        fn should_stop(&self) -> bool {
            std::thread::sleep(PAUSE);
            true
        }
    }

    #[test]
    fn what_stating_took_is_part_of_the_run() {
        let mut model = Model::new("m");
        let x = model.add_var("x", 2.0, 5.0, 1.0, VarKind::Continuous);
        model.special.semi.insert(x);
        let outcome = crate::solve(&model, &Options::default(), &mut Slow).unwrap();
        assert_eq!((outcome.status, outcome.bound), (Status::Interrupted, 0.0), "0 is the least that x may be");
        let statistics = outcome.statistics;
        assert!(statistics.seconds >= PAUSE.as_secs_f64() && statistics.primal_dual_integral >= PAUSE.as_secs_f64());
    }
}
