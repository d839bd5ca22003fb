//! Proof folders: valid ones written by hand, one lie a precondition, mutants.

mod budget;
mod folders;
mod hostile;
mod mutants;
mod rejects;

use checker::network::Options;
use checker::proof::{Report, check};
use checker::{Error, Source};

/// The files of a folder, as text.
#[expect(missing_docs)]
#[derive(Clone)]
pub struct Folder {
    pub problem: String,
    pub lemmas: String,
    pub formula: String,
    pub proof: String,
    pub network: Option<String>,
    pub data: String,
}

/// Names of the files, in the order of [`Folder::file`].
const FILES: [&str; 5] = ["problem.json", "lemmas.jsonl", "formula.opb", "proof.pbp", "network.json"];

impl Folder {
    fn file(&mut self, name: &str) -> &mut String {
        match name {
            "problem.json" => &mut self.problem,
            "lemmas.jsonl" => &mut self.lemmas,
            "formula.opb" => &mut self.formula,
            "proof.pbp" => &mut self.proof,
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

    fn run(&self, data: bool) -> Result<Report, Error> {
        let source = |name: &str, text: &'_ str| Source::new(name.to_owned(), std::io::Cursor::new(text.to_owned()));
        check(checker::proof::Folder {
            problem: source("problem.json", &self.problem),
            lemmas: source("lemmas.jsonl", &self.lemmas),
            formula: source("formula.opb", &self.formula),
            proof: source("proof.pbp", &self.proof),
            network: self.network.as_deref().map(|text| source("network.json", text)),
            data: data.then(|| (source("data.csv", &self.data), Options::default())),
        })
    }
}

#[test]
fn valid_folders_pass() {
    let expected = [
        ("linear", folders::linear(), 1, 1, 0, 1),
        ("margin", folders::margin(), 1, 1, 0, 2),
        ("classes", folders::classes(), 3, 3, 0, 1),
        ("conflicts", folders::conflicts(), 2, 2, 2, 0),
        ("whole", folders::whole(), 1, 1, 0, 2),
    ];
    for (name, folder, bound, loss, offset, lemmas) in expected {
        let report = folder.run(true).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((report.bound, report.loss), (Some(bound), Some(loss)), "{name}");
        assert_eq!((report.offset, report.lemmas, report.data_compared), (offset, lemmas, true), "{name}");
    }
}
