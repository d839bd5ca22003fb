//! Listens to a search: which neurons and points it branches on, how much of its tree is explored; and ends it after so many nodes.

use heaviside::observe::{Node, On};
use heaviside::{Dataset, Error, Event, Interest, Limits, Method, Progress, ReadOptions, Trainer, What};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use trace::Forest;

/// What was heard.
#[derive(Default)]
struct Heard {
    forest: Forest,
    branchings: BTreeMap<On, u64>,
}

#[derive(Default)]
struct Listener(Mutex<Heard>);

impl Progress for Listener {
    /// Asked once: engines make no events of other kinds.
    fn interest(&self) -> Interest {
        Interest::TREE | Interest::BOUNDS
    }

    fn event(&self, event: &Event) {
        let mut heard = self.0.lock().expect("nobody panics");
        heard.forest.hear(event);
        if let What::Node(Node { branching: Some(branching), .. }) = event.what {
            *heard.branchings.entry(branching.on).or_default() += 1;
        }
    }

    /// Asked all the time: true ends the run with the best so far.
    fn should_stop(&self) -> bool {
        self.0.lock().expect("nobody panics").forest.nodes() >= 2000
    }
}

fn main() -> Result<(), Error> {
    let options = ReadOptions { positive: Some("virginica".to_owned()), ..ReadOptions::default() };
    let data = Dataset::read(Path::new("datasets/iris.csv"), &options)?;
    let trainer = Trainer::new().hidden(&[2]).epsilon(0.01).method(Method::Milp);
    let listener = Listener::default();
    let trained = trainer.prepare(&data)?.train(&Limits::default(), &listener)?;
    println!("{}: {} errors, at least {} proven", trained.status().as_str(), trained.training().loss, trained.bound());
    let heard = listener.0.into_inner().expect("nobody panics");
    if let Some(tree) = heard.forest.current() {
        println!(
            "{} nodes, {:.2}% of the tree explored, of about {:?} nodes",
            tree.nodes,
            100.0 * tree.weight(),
            tree.size()
        );
    }
    println!("{} variables were branched on", heard.branchings.len());
    Ok(())
}
