//! Valid proofs, written by hand.

use super::{run, shown};

/// A model (LP format), a valid certificate, and what it proves.
#[derive(Clone, Copy)]
pub struct Proof {
    pub model: &'static str,
    pub certificate: &'static str,
    pub claim: &'static str,
    /// The optimum, `None` if there is no solution, `unbounded` if solutions get better for ever.
    pub optimum: Option<&'static str>,
}

/// Two cuts prove that the minimum is 1; free integer variables, constraints released as soon as possible.
pub const CUTS: Proof = Proof {
    model: "min\n x + y\nst\n c1: 4 x + y >= 1\n c2: 4 x - y <= 2\nbounds\n x free\n y free\ngenerals\n x y\nend",
    certificate: "\
% minimum 1 by two cuts
VER 1.0
VAR 2 x
y
INT 2 0 1
OBJ min 2 0 1 1 1
CON 2 0
c1 G 1 2 0 4 1 1
c2 L 2 2 0 4 1 -1
RTP range 1 1
SOL 2
some 2 0 1 1 2
best 1 1 1
DER 4
half G -1/2 1 1 1 { lin 2 0 1/2 1 -1/2 } 3
y G 0 1 1 1 { rnd 1 2 1 } 4
quarter G 1/4 OBJ { lin 2 0 1/4 3 3/4 } 5
bound G 1 OBJ { rnd 1 4 1 } 0
",
    claim: "1 1",
    optimum: Some("1"),
};

/// A maximum over an integer and a continuous variable, by one branching of which one side is empty.
pub const BRANCH: Proof = Proof {
    model: "max\n 2 k + z\nst\n c: 2 k + 2 z <= 3\nbounds\n k <= 5\n z <= 1\ngenerals\n k\nend",
    certificate: "\
VER 1.1
VAR 2 z k
INT 1 1
OBJ max 2 0 1 1 2
CON 5 4
lk G 0 1 1 1
uk L 5 1 1 1
lz G 0 1 0 1
uz L 1 1 0 1
c L 3 2 0 2 1 2
RTP range 2.5 5/2
SOL 1 best 2 1 1 0 0.5
DER 5
down L 1 1 1 1 { asm } -1
up G 2 1 1 1 { asm } -1
left L 5/2 OBJ { lin 2 4 1/2 5 1 } -1
right L -1 0 { lin 3 4 1 6 -2 2 -2 } -1
best L 25e-1 OBJ { uns 7 5 8 6 } -1
",
    claim: "5/2 5/2",
    optimum: Some("5/2"),
};

/// 2 a + 2 b = 3 has no whole solution: a nested branching.
pub const NESTED: Proof = Proof {
    model: "min\n a\nst\n c: 2 a + 2 b = 3\nbounds\n a <= 1\n b <= 4\ngenerals\n a b\nend",
    certificate: "\
VER 1.1
VAR 2 a b
INT 2 1 0
OBJ min 1 0 1
CON 5 4
la G 0 1 0 1
ua L 1 1 0 1
lb G 0 1 1 1
ub L 4 1 1 1
c E 3 2 0 2 1 2
RTP infeas
SOL 0
DER 13
a0 L 0 1 0 1 { asm } 17
a1 G 1 1 0 1 { asm } 17
b1 L 1 1 1 1 { asm } 11
n1 G 1 0 { lin 3 4 1 5 -2 7 -2 } 11
b2 G 2 1 1 1 { asm } 11
n2 L -1 0 { lin 3 4 1 0 -2 9 -2 } 11
left G 1 0 { uns 8 7 10 9 } 17
b0 L 0 1 1 1 { asm } 16
n3 G 1 0 { lin 3 4 1 1 -2 12 -2 } 16
b3 G 1 1 1 1 { asm } 16
n4 L -1 0 { lin 3 4 1 6 -2 14 -2 } 16
right G 1 0 { uns 13 12 15 14 } 17
end G 1 0 { uns 11 5 16 6 } -1
",
    claim: "infeasible",
    optimum: None,
};

/// Nothing is better than the solution: a contradiction from its cutoff bounds a whole objective by the solution itself.
pub const CUTOFF: Proof = Proof {
    model: "min\n x + y\nst\n c: 2 x + 2 y >= 3\nbounds\n x <= 9\n y <= 9\ngenerals\n x y\nend",
    certificate: "\
VER 1.1
VAR 2 x y
INT 2 0 1
OBJ min 2 0 1 1 1
CON 5 4
lx G 0 1 0 1
ux L 9 1 0 1
ly G 0 1 1 1
uy L 9 1 1 1
c G 3 2 0 2 1 2
RTP range 2 2
SOL 2
far 2 0 9 1 9
near 1 0 2
DER 2
better L 1 OBJ { sol } -1
none G 1 0 { lin 2 4 1 5 -2 } -1
",
    claim: "2 2",
    optimum: Some("2"),
};

/// The same for a maximum whose objective is not whole: the cutoff is the solution's own value.
pub const FRACTIONAL_CUTOFF: Proof = Proof {
    model: "max\n z + k\nst\n r: 1 <= 2 z + 2 k <= 3\nbounds\n z <= 9\n k <= 9\ngenerals\n k\nend",
    certificate: "\
VER 1.1
VAR 2 z k
INT 1 1
OBJ max 2 0 1 1 1
CON 6 4
lz G 0 1 0 1
uz L 9 1 0 1
lk G 0 1 1 1
uk L 9 1 1 1
ru L 3 2 0 2 1 2
rl G 1 2 0 2 1 2
RTP range 3/2 3/2
SOL 1
best 1 0 3/2
DER 2
better G 3/2 OBJ { sol } 7
bound L 3/2 OBJ { lin 3 6 0 4 1/2 0 0 } -1
",
    claim: "3/2 3/2",
    optimum: Some("3/2"),
};

/// A lower bound alone, without a solution; a fixed variable as an equation, and the row of a combination as one.
pub const BOUND: Proof = Proof {
    model: "min\n x + 3 f + 7\nst\n e: x - f = 0.5\nbounds\n f = 2\n x free\nend",
    certificate: "\
VER 1.0
VAR 2 x f
INT 0
OBJ min 2 1 3 0 1
CON 2 1
f E 2 1 1 1
e E 0.5 2 0 1 1 -1
RTP range 8 inf
SOL 0
DER 2
same E 17/2 OBJ { lin 2 1 1 0 4 } 3
bound G 8 OBJ { lin 1 2 1 } -1
",
    claim: "8 none",
    optimum: Some("17/2"),
};

/// Nothing to prove on the dual side: a solution is enough.
pub const PRIMAL: Proof = Proof {
    model: "min\n x\nst\n r: 2 x >= 1\nbounds\n x <= 4\ngenerals\n x\nend",
    certificate: "\
VER 1.1
VAR 1 x
INT 1 0
OBJ min 1 0 1
CON 3 2
lx G 0 1 0 1
ux L 4 1 0 1
r G 1 1 0 2
RTP range -inf 3
SOL 1
best 1 0 1
DER 0
",
    claim: "none 3",
    optimum: Some("1"),
};

/// A maximum that is not there: a whole point and a ray of fractions, along an equation and under an inequality.
pub const RAY: Proof = Proof {
    model: "max\n 2 k + y + 3\nst\n c: 2 k - 3 z = -1\n r: y - k + 0 w <= 2\nbounds\n z free\n w <= 4\ngenerals\n k z\nend",
    certificate: "\
VER 1.1
VAR 4 k y z w
INT 2 0 2
OBJ max 2 0 2 1 1
CON 6 4
lk G 0 1 0 1
ly G 0 1 1 1
lw G 0 1 3 1
uw L 4 1 3 1
c E -1 2 0 2 2 -3
r L 2 2 1 1 0 -1
RTP unbounded
SOL 1
start 2 0 1 2 1
RAY 2 0 1 2 2/3
DER 0
",
    claim: "unbounded",
    optimum: Some("unbounded"),
};

pub const ALL: [Proof; 8] = [CUTS, BRANCH, NESTED, CUTOFF, FRACTIONAL_CUTOFF, BOUND, PRIMAL, RAY];

#[test]
fn valid_proofs_are_accepted() {
    for proof in ALL {
        let report = run(proof.model, proof.certificate).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(shown(&report.claim), proof.claim);
    }
}

#[test]
fn reports_count_what_was_checked() {
    let report = run(CUTS.model, CUTS.certificate).unwrap();
    assert_eq!((report.version.as_str(), report.constraints, report.derivations), ("1.0", 2, 4));
    let solutions: Vec<String> = report.solutions.iter().map(|s| format!("{} {}", s.name, s.objective)).collect();
    assert_eq!(solutions, ["some 3", "best 1"]);
    // The two rows, the constraint at hand and the one it uses.
    assert_eq!(report.most_alive, 4);
    assert_eq!(run(BOUND.model, BOUND.certificate).unwrap().offset.to_string(), "7");
    assert_eq!(run(NESTED.model, NESTED.certificate).unwrap().most_alive, 13);
}

#[test]
fn comments_and_line_breaks_mean_nothing() {
    for proof in ALL {
        let text = proof.certificate.trim_start_matches("% minimum 1 by two cuts");
        let spaced = text.replace(' ', "\n\t% not a word { }\r\n  ");
        assert_eq!(shown(&run(proof.model, &spaced).unwrap().claim), proof.claim);
    }
}

/// 2 (x1 + .. + xn) = 2 k + 1 has no solution in binaries; the branching of depth n that shows it, written depth first.
fn parity(n: usize) -> (String, String) {
    let names: Vec<String> = (0..n).map(|j| format!("x{j}")).collect();
    let sum: Vec<String> = names.iter().map(|name| format!("2 {name}")).collect();
    let right = 2 * (n / 2) + 1;
    let list = names.join(" ");
    let model = format!("min\n\nst\nc: {} = {right}\nbinaries\n{list}\nend", sum.join(" + "));
    let indices: Vec<String> = (0..n).map(|j| j.to_string()).collect();
    let mut text =
        format!("VER 1.1\nVAR {n} {list}\nINT {n} {}\nOBJ min 0\nCON {} {}\n", indices.join(" "), 2 * n + 1, 2 * n);
    for j in 0..n {
        text += &format!("l{j} G 0 1 {j} 1\nu{j} L 1 1 {j} 1\n");
    }
    let terms: Vec<String> = (0..n).map(|j| format!("{j} 2")).collect();
    text += &format!("c E {right} {n} {}\nRTP infeas\nSOL 0\n", terms.join(" "));
    let mut steps = vec![];
    branch(n, right, &mut vec![], &mut steps);
    text += &format!("DER {}\n{}\n", steps.len(), steps.join("\n"));
    (model, text)
}

/// Derives a contradiction under the branchings in `path` (index of the assumption and its value, one a variable), and
/// returns its index.
fn branch(n: usize, right: usize, path: &mut Vec<(usize, usize)>, steps: &mut Vec<String>) -> usize {
    let index = |steps: &Vec<String>| 2 * n + 1 + steps.len();
    let ones = path.iter().filter(|(_, value)| *value == 1).count();
    let open = n - path.len();
    // With the open variables at 1 the sum is too small, or with them at 0 it is too large.
    let (small, large) = (2 * (ones + open) < right, 2 * ones > right);
    if small || large {
        let sides = path.iter().map(|(at, value)| (*at, (*value == 1) != small));
        let sides = sides.enumerate().map(|(j, (at, same))| if same { at } else { 2 * j + usize::from(small) });
        let rest = (path.len()..n).map(|j| 2 * j + usize::from(small));
        let used: Vec<String> = sides.chain(rest).map(|at| format!("{at} -2")).collect();
        // A side that the path does not fix leans on the bound itself.
        let sense = if small { "G 1" } else { "L -1" };
        steps.push(format!("n {sense} 0 {{ lin {} {} 1 {} }} -1", n + 1, 2 * n, used.join(" ")));
        return index(steps) - 1;
    }
    let j = path.len();
    let mut sides = vec![];
    for (value, sense) in [(0, "L"), (1, "G")] {
        steps.push(format!("a {sense} {value} 1 {j} 1 {{ asm }} -1"));
        let assumption = index(steps) - 1;
        path.push((assumption, value));
        sides.push((branch(n, right, path, steps), assumption));
        path.pop();
    }
    let ((i1, l1), (i2, l2)) = (sides[0], sides[1]);
    steps.push(format!("u G 1 0 {{ uns {i1} {l1} {i2} {l2} }} -1"));
    index(steps) - 1
}

#[test]
fn deep_branchings() {
    for n in [1, 2, 3, 8] {
        let (model, certificate) = parity(n);
        let report = run(&model, &certificate).unwrap_or_else(|error| panic!("{error}\n{model}\n{certificate}"));
        assert_eq!(shown(&report.claim), "infeasible");
    }
}

#[test]
#[ignore = "a measurement, seconds"]
fn long_certificates() {
    let (model, certificate) = parity(16);
    let start = std::time::Instant::now();
    let report = run(&model, &certificate).unwrap();
    let megabytes = certificate.len() as f64 / 1e6;
    println!("{} steps, {megabytes} MB: {:?}, {} alive", report.derivations, start.elapsed(), report.most_alive);
}

/// Names with blanks, which only MPS files in fixed columns have, and how they stand in a certificate.
#[test]
fn names_with_blanks() {
    let model = "NAME          T\nROWS\n N  COST\n G  R\nCOLUMNS\n    PLANT 1   COST               1.0   R                  1.0\n\
                 RHS\n    RHS       R                  3.0\nENDATA\n";
    let model =
        checker::Model::read(checker::Source::new("t.mps", model.as_bytes()), Some(checker::Format::Mps)).unwrap();
    let check = |name: &str| {
        let text = format!(
            "VER 1.1 VAR 1 {name} INT 0 OBJ min 1 0 1 CON 2 1 l G 0 1 0 1 r G 3 1 0 1 RTP range 3 inf SOL 0 DER 1\n\
             b G 3 OBJ {{ lin 1 1 1 }} -1"
        );
        checker::certificate::check(&model, checker::Source::new("t.vipr", std::io::Cursor::new(text)))
    };
    assert!(check("PLANT\\x201").is_ok());
    for name in ["PLANT1", "PLANT\\x2", "PLANT\\x2g1", "PLANT\\x20", "PLANT\\xff1", "\\x50LANT1"] {
        assert!(check(name).is_err(), "{name}");
    }
}
