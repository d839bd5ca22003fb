//! Files of cubes that somebody changed: no reader panics, and what is accepted does not say more than a network allows.

use heaviside::cubes::model::{self, Answer, ModelText};
use heaviside::cubes::{Plan, Wish, Work, merge};
use heaviside::{Dataset, Limits, Method, Silent, Status, Trainer};
use std::fs;
use std::path::Path;

/// Numbers of a small generator.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }
}

/// Pieces that mean something in these files.
const WORDS: [&str; 20] = [
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "1e308",
    "18446744073709551615",
    "[]",
    "{}",
    "\"cube\":\"0001\"",
    "{\"function\":9}",
    "{\"neuron\":99,\"point\":99}",
    ",",
    "{\"closed\":true}",
    "\"bound\":7",
    "\"1/0\"",
    "{\"column\":\"x1\",\"at_most\":-9007199254740993}",
    "\"x2\":\"1e999\"",
    "\"exact\":false",
];

fn mutant(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(2) {
        let at = random.below(bytes.len());
        let end = (at + random.below(12)).min(bytes.len());
        match random.below(5) {
            0 => bytes[at] = b'0' + random.below(10) as u8,
            1 => drop(bytes.drain(at..end)),
            2 => bytes.truncate(at),
            _ => drop(bytes.splice(at..end, WORDS[random.below(WORDS.len())].bytes())),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

fn names(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect();
    files.sort();
    files
}

#[test]
fn changed_files_are_refused_or_harmless() {
    let folder = tempfile::tempdir().expect("a folder");
    let jobs = folder.path().join("jobs");
    let row = |i: u32| [f64::from((i * 7) % 23), f64::from((i * 11) % 19)];
    let rows: Vec<[f64; 2]> = (0..16).map(row).collect();
    let labels: Vec<&str> = (0..16).map(|i| if (i * i / 3) % 2 == 0 { "a" } else { "b" }).collect();
    let data = Dataset::from_rows(&rows, &labels).expect("rows");
    let trainer = Trainer::new().hidden(&[2]).method(Method::Omt);
    let trainer =
        trainer.set("omt.dual", "no").and_then(|trainer| trainer.set("omt.cube_probe", 2)).expect("parameters");
    let limits = Limits { nodes: 10, settings: trainer.limits_set().settings.clone(), ..Limits::default() };
    let task = trainer.prepare(&data).expect("a task");
    let plan = Plan::new(&task, Wish { cubes: 4, proofs: false }, &limits, &Silent).expect("cubes");
    plan.write(&jobs).expect("written");
    let cubes: Vec<_> = plan.made().names.iter().map(|name| jobs.join(format!("cube-{name}.json"))).collect();
    assert!(cubes.len() > 1);
    for cube in &cubes {
        Work::on(cube).and_then(|work| work.run(&Limits::default(), &Silent)).expect("a result");
    }
    let answer = merge(&jobs, None, &|| false).expect("an answer");
    assert_eq!(answer.status, Status::Optimal);
    let mut random = Random(5);
    let (mut refused, mut accepted) = (0, 0);
    for _ in 0..1500 {
        let files = names(&jobs);
        let file = &files[random.below(files.len())];
        let kept = fs::read(file).expect("there");
        fs::write(file, mutant(&kept, &mut random)).expect("written");
        match merge(&jobs, None, &|| false) {
            Ok(merged) => {
                accepted += 1;
                assert!(merged.bound <= answer.loss && merged.loss >= answer.loss, "{}", file.display());
            }
            Err(_) => refused += 1,
        }
        if let Some(cube) = cubes.iter().find(|cube| *cube == file)
            && let Ok(work) = Work::on(cube)
        {
            let _ = work.run(&Limits { nodes: 1, ..Limits::default() }, &Silent);
        }
        fs::write(file, kept).expect("written");
    }
    assert!(refused > accepted && accepted > 0, "{refused} {accepted}");
    assert_eq!(merge(&jobs, None, &|| false).expect("an answer").loss, answer.loss);
}

#[test]
fn changed_files_of_models_are_refused_or_harmless() {
    let folder = tempfile::tempdir().expect("a folder");
    let jobs = folder.path().join("jobs");
    let sum = |of: fn(u32) -> u32| (0..24).map(|j| format!("{} x{j}", of(j))).collect::<Vec<_>>().join(" + ");
    let names_of: Vec<String> = (0..24).map(|j| format!("x{j}")).collect();
    let text = format!(
        "maximize\n obj: {}\nsubject to\n a: {} <= 401\n b: {} <= 333\nbinary\n {}\nend\n",
        sum(|j| 30 + 7 * j * j % 41),
        sum(|j| 20 + 4 * j * j % 37),
        sum(|j| 20 + 5 * j * j % 31),
        names_of.join(" ")
    );
    let text = ModelText { name: "sacks.lp".to_owned(), format: "lp".to_owned(), text };
    let mut limits = Limits::default();
    for (name, value) in [("milp.cut_rounds", "0"), ("milp.dives", "false")] {
        limits.settings.set(&heaviside::parameters(), name, value).expect("a parameter");
    }
    let plan = model::Plan::new(&text, 4, &limits, &mut milp::Quiet).expect("cubes");
    plan.write(&jobs).expect("written");
    let cubes: Vec<_> = plan.made().names.iter().map(|name| jobs.join(format!("cube-{name}.json"))).collect();
    assert!(cubes.len() > 1);
    for cube in &cubes {
        model::Work::on(cube).and_then(|work| work.run(&Limits::default(), &mut milp::Quiet)).expect("a result");
    }
    let answer = model::merge(&jobs, &|| false).expect("an answer");
    assert_eq!(answer.answer, Answer::Optimal);
    let mut random = Random(6);
    let (mut refused, mut accepted) = (0, 0);
    for _ in 0..1500 {
        let files = names(&jobs);
        let file = &files[random.below(files.len())];
        let kept = fs::read(file).expect("there");
        fs::write(file, mutant(&kept, &mut random)).expect("written");
        match model::merge(&jobs, &|| false) {
            Ok(merged) => {
                accepted += 1;
                assert!(merged.bound >= answer.bound && merged.objective <= answer.objective, "{}", file.display());
            }
            Err(_) => refused += 1,
        }
        if let Some(cube) = cubes.iter().find(|cube| *cube == file)
            && let Ok(work) = model::Work::on(cube)
        {
            let _ = work.run(&Limits { nodes: 1, ..Limits::default() }, &mut milp::Quiet);
        }
        fs::write(file, kept).expect("written");
    }
    assert!(refused > accepted && accepted > 0, "{refused} {accepted}");
}
