//! An engine of one's own, alone and in data splitting.

use heaviside::{
    Dataset, Engine, EngineError, Error, Limits, LocalSearch, ReadOptions, Request, Splitting, Trainer, Training, split,
};
use std::path::Path;

/// Local search from nothing, however good the start.
struct Stubborn;

impl Engine for Stubborn {
    fn name(&self) -> &'static str {
        "stubborn"
    }

    fn train(&self, request: Request<'_>) -> Result<Training, EngineError> {
        LocalSearch::default().train(request.with_start(None))
    }
}

fn main() -> Result<(), Error> {
    let options = ReadOptions { positive: Some("versicolor".to_owned()), ..ReadOptions::default() };
    let data = Dataset::read(Path::new("datasets/iris.csv"), &options)?;
    // A trainer prepares the problem: scaled points without copies, shape, loss. An engine is asked by a request.
    let trainer = Trainer::new().hidden(&[2]);
    let task = trainer.prepare(&data)?;
    let limits = Limits { nodes: 20, ..Limits::default() };
    let request = Request::new(task.problem(), &limits);
    let splitting = Splitting { engine: Stubborn, options: split::Options::default() };
    let engines: [&dyn Engine; 2] = [&Stubborn, &splitting];
    for engine in engines {
        let training = engine.train(request).map_err(Error::of_engine)?;
        println!("{}: {} errors", engine.name(), training.loss);
    }
    Ok(())
}
