//! Trains on whole numbers, proves the least number of errors, and writes the network as C.

use heaviside::export::{ExportOptions, Format, Inputs, export};
use heaviside::{Dataset, Error, ReadOptions, Scaling, Trainer, WeightDomain};
use std::path::Path;

fn main() -> Result<(), Error> {
    let options = ReadOptions { drop_missing: true, ..ReadOptions::default() };
    let data = Dataset::read(Path::new("datasets/breast_cancer_wisconsin_original.csv"), &options)?;
    let trainer = Trainer::new().weights(WeightDomain::Integer(1)).scaling(Scaling::None);
    let trained = trainer.fit(&data)?;
    println!("{}: {} errors, at least {} proven", trained.status().as_str(), trained.training().loss, trained.bound());
    let inputs = Inputs::of_rows((0..data.len()).map(|i| data.row(i)));
    let exported = export(trained.model()?, Format::C, &ExportOptions::new().name("biopsy").inputs(inputs))?;
    exported.details.iter().for_each(|(word, line)| println!("{word}: {line}"));
    assert!(exported.real_layers.is_empty(), "whole weights on whole features are exact");
    std::fs::write("biopsy.h", &exported.bytes).map_err(|source| Error::File { path: "biopsy.h".into(), source })
}
