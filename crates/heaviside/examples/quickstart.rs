//! Trains, predicts, certifies, saves and loads.

use heaviside::{Classifier, Dataset, Error, Norm, ReadOptions, Trainer};
use std::path::Path;

fn main() -> Result<(), Error> {
    let options = ReadOptions { positive: Some("virginica".to_owned()), ..ReadOptions::default() };
    let data = Dataset::read(Path::new("datasets/iris.csv"), &options)?;
    let trained = Trainer::new().time_limit(60.0).fit(&data)?;
    println!("{}: {} errors, at least {} proven", trained.status().as_str(), trained.training().loss, trained.bound());
    let classifier = trained.classifier()?;
    println!("a flower of these sizes is: {}", classifier.predict(&[[6.3, 3.3, 6.0, 2.5]])?[0]);
    let held = classifier.certify(&data, 0.02, Norm::Linf)?;
    println!("{} of {} points keep their class when each feature moves by 2%", held.certified, held.points());
    classifier.save("iris.json")?;
    assert_eq!(Classifier::load("iris.json")?.classes(), ["not virginica", "virginica"]);
    Ok(())
}
