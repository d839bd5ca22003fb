//! Certificates that ask for more memory or steps than their bytes account for.

use checker::certificate::check;
use checker::{Budget, Error, Format, Model, Source, limits};

fn run(model: &str, certificate: &str, budget: &Budget) -> Result<(), Error> {
    let model = Model::read(Source::new("model.lp", model.as_bytes()), Format::Lp).unwrap();
    check(&model, Source::new("proof.vipr", certificate.as_bytes()).within(budget)).map(|_| ())
}

fn is_unfinished(result: Result<(), Error>) -> bool {
    result.is_err_and(|error| error.leaves_unproven() && !error.is_refutation())
}

/// Each line rests on all assumptions before: their sets grow with the square of the file.
#[test]
fn sets_of_assumptions() {
    let steps = 9000;
    let mut text = String::from("VER 1.1 VAR 1 x INT 1 0 OBJ min 0 CON 1 1 lx G 0 1 0 1 RTP infeas SOL 0\n");
    text += &format!("DER {}\n", 2 * steps);
    for step in 0..steps {
        let line = 1 + 2 * step;
        text += "a G 0 1 0 1 { asm } -1\n";
        let before = if step == 0 { 0 } else { line - 1 };
        text += &format!("s G 0 1 0 1 {{ lin 2 {before} 1/2 {line} 1/2 }} -1\n");
    }
    let budget = Budget::default();
    assert!(is_unfinished(run("min\n 0 x\nst\nbounds\n x >= 0\ngenerals\n x\nend", &text, &budget)));
    assert!(budget.most_held() <= limits::HELD + limits::HELD_PER_BYTE * text.len(), "{budget:?}");
}

/// A long row used many times: what is added up counts, not the bytes that ask for it.
#[test]
fn long_rows_used_often() {
    let columns = 2000;
    let names: Vec<String> = (0..columns).map(|j| format!("x{j}")).collect();
    let model = format!("min\n\nst\n c: {} >= 1\nend", names.join(" + "));
    let terms: Vec<String> = (0..columns).map(|j| format!("{j} 1")).collect();
    let bounds: String = (0..columns).map(|j| format!("l{j} G 0 1 {j} 1\n")).collect();
    let uses = 300;
    let mut text = format!(
        "VER 1.1 VAR {columns} {}\nINT 0 OBJ min 0\nCON {} {columns}\n{bounds}c G 1 {columns} {}\nRTP range -inf inf SOL 0\n\
         DER {uses}\n",
        names.join(" "),
        columns + 1,
        terms.join(" ")
    );
    for _ in 0..uses {
        text += &format!("n G 0 0 {{ lin 1 {columns} 0 }} -1\n");
    }
    let stopped = Budget::stopped_by(|| Some("interrupted".to_owned()));
    assert!(is_unfinished(run(&model, &text, &stopped)));
    let budget = Budget::default();
    run(&model, &text, &budget).unwrap();
    assert!(budget.steps() >= (text.len() + uses * columns) as u64, "{budget:?}");
}
