//! What engines tell a listener: one start, better networks and bounds in order, one end that says what the run returns.

use bdnn::{
    Architecture, Engine, Event, Interest, Limits, Loss, Points, Problem, Progress, Request, Scaler, WeightDomain, What,
};
use heaviside::Auto;
use heuristics::local_search::LocalSearch;
use heuristics::split::{Options, Splitting};
use omt::Exact;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::sync::Mutex;

#[derive(Default)]
struct Heard(Mutex<Vec<Event>>);

impl Progress for Heard {
    fn interest(&self) -> Interest {
        Interest::ALL
    }

    fn event(&self, event: &Event) {
        self.0.lock().expect("whole").push(*event);
    }
}

fn problem(inputs: usize, hidden: &[usize], classes: usize, weights: WeightDomain) -> Problem {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let raw: Vec<f64> = (0..40 * inputs).map(|_| f64::from(random.random_range(0..30_u32))).collect();
    let labels: Vec<usize> = (0..40).map(|_| random.random_range(0..classes)).collect();
    let points = Points::merge(inputs, classes, &raw, &labels, Scaler::identity(inputs));
    let architecture = Architecture { inputs, hidden: hidden.to_vec(), classes, bias: true, weights };
    Problem::new(points, architecture, Loss::Hamming)
}

#[test]
fn what_is_told_is_in_order_and_what_comes_of_it() {
    let (real, whole) = (WeightDomain::Continuous, WeightDomain::Integer(3));
    let problems = [
        ("many dimensions", problem(6, &[], 2, real)),
        ("few dimensions", problem(2, &[], 2, real)),
        ("three classes", problem(5, &[], 3, real)),
        ("one bit", problem(3, &[1], 3, real)),
        ("whole", problem(5, &[], 2, whole)),
        ("patterns", problem(2, &[2], 2, real)),
    ];
    let splitting = Splitting { engine: Exact, options: Options::default() };
    let engines: [&dyn Engine; 4] = [&Exact, &LocalSearch::default(), &splitting, &Auto];
    for (name, problem) in &problems {
        for engine in engines {
            let at = format!("{} on {name}", engine.name());
            let heard = Heard::default();
            let limits = Limits { threads: 1, nodes: 40, ..Limits::default() };
            let training = engine.train(Request::new(problem, &limits).with_progress(&heard)).expect("sound");
            let events = heard.0.into_inner().expect("whole");
            let is_start = |event: &&Event| matches!(event.what, What::Start(_));
            assert!(events.first().is_some_and(|event| is_start(&event)), "{at}: {events:?}");
            assert_eq!(events.iter().filter(is_start).count(), 1, "{at}: {events:?}");
            let ends: Vec<_> = events
                .iter()
                .filter_map(|event| if let What::Finish(finish) = event.what { Some(finish) } else { None })
                .collect();
            let [end] = ends[..] else { panic!("{at}: {ends:?}") };
            assert!(matches!(events.last().expect("some").what, What::Finish(_)), "{at}: {events:?}");
            assert_eq!(end.incumbent, training.network.as_ref().map(|_| training.objective), "{at}");
            let (mut best, mut bound) = (f64::INFINITY, f64::NEG_INFINITY);
            for event in &events {
                match event.what {
                    What::Incumbent(found) => {
                        assert!(found.objective < best || engine.name() == "auto", "{at}: {events:?}");
                        best = best.min(found.objective);
                    }
                    What::Bound(proven) => {
                        assert!(proven >= bound || engine.name() == "auto", "{at}: {events:?}");
                        bound = bound.max(proven);
                    }
                    _ => {}
                }
            }
            assert!(best >= training.objective && bound <= training.bound, "{at}: {best} {bound} {training:?}");
            if engine.name() != "auto" {
                assert_eq!(end.status, training.status.as_str(), "{at}");
                assert_eq!((end.bound, best), (training.bound, training.objective), "{at}");
            }
        }
    }
}
