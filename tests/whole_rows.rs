//! Models that only whole numbers decide, and bounds that chase each other: the right answer after a handful of nodes, and a
//! certificate that the checker accepts.

use checker::certificate::{Claim, check};
use checker::{Format, Source};
use milp::{Certificate, Options, Quiet, Status};
use std::path::Path;

/// Nodes that each of these may take.
const FEW: u64 = 20;

/// Solves an LP file with and without a certificate; the claim of the certificate, checked.
fn claim(text: &str, expected: Status, objective: Option<f64>) -> Claim {
    let model = milp::io::parse_lp(text, Path::new("model.lp")).unwrap();
    let options = Options { node_limit: FEW, ..Options::default() };
    let folder = tempfile::tempdir().unwrap();
    let mut certificate = Certificate::new(&model, folder.path()).unwrap();
    let certified = milp::solve_certified(&model, &options, &mut Quiet, &mut certificate).unwrap();
    for outcome in [milp::solve(&model, &options, &mut Quiet).unwrap(), certified] {
        assert_eq!((outcome.status, outcome.objective), (expected, objective), "{text}");
    }
    let mut proof = Vec::new();
    certificate.write(&model, &mut proof).unwrap();
    let exact = checker::Model::read(Source::new("model", text.as_bytes()), Format::Lp).unwrap();
    check(&exact, Source::new("certificate", proof.as_slice())).unwrap_or_else(|error| panic!("{error}\n{text}")).claim
}

#[test]
fn equations_without_whole_solutions() {
    let ones = |k: usize| (0..k).map(|j| format!("+ 2 y{j}")).collect::<Vec<_>>().join(" ");
    let names = |k: usize| (0..k).map(|j| format!("y{j}")).collect::<Vec<_>>().join(" ");
    let parity = format!("minimize\n c: y0\nsubject to\n e: {} = 41\nbinary\n {}\nend\n", ones(41), names(41));
    let cases = [
        parity.as_str(),
        "minimize\n c: x\nsubject to\n e: 2 x - 4 z = 15\ngeneral\n x z\nend\n",
        "maximize\n c: a + b\nsubject to\n p: 2 a - 2 b = 1\nbounds\n a <= 100000000\n b <= 100000000\ngeneral\n a b\nend\n",
        "minimize\n c: a\nsubject to\n e: 6 a - 4 b + 10 c = 7\nbounds\n a free\n b free\n c free\ngeneral\n a b c\nend\n",
        // Halves between whole numbers, fractions in the coefficients, a side on either hand.
        "minimize\n c: x\nsubject to\n e: x - y = 0.5\nbounds\n x free\n y free\ngeneral\n x y\nend\n",
        "minimize\n c: x\nsubject to\n e: 0.1 x + 0.2 y = 0.25\ngeneral\n x y\nend\n",
        "minimize\n c: x\nsubject to\n l: 3 x + 6 y >= 4\n u: 3 x + 6 y <= 5\nbounds\n x free\n y free\ngeneral\n x y\nend\n",
        // Together: the difference is 2 y = 1, and a fixed continuous column plays a part.
        "minimize\n c: x\nsubject to\n e: x + y + z = 0\n f: x - y + z = 1\nbounds\n x free\n y free\n z free\ngeneral\n x y z\nend\n",
        // One whole number is left for y, an odd one.
        "maximize\n c: x\nsubject to\n e: - 2 x + y + 2 z = 0\n f: 3 <= 3 y <= 4\ngeneral\n x y z\nend\n",
        "minimize\n c: x\nsubject to\n e: - 2 x + y + 2 z = 0\n f: 0.9 <= y <= 1.9\ngeneral\n x y z\nend\n",
        "minimize\n c: x\nsubject to\n e: 2 x + 4 y + z = 2\nbounds\n x free\n y free\n z = 0.5\ngeneral\n x y\nend\n",
    ];
    for case in cases {
        assert_eq!(claim(case, Status::Infeasible, None), Claim::Infeasible);
    }
}

/// Rows whose difference contradicts itself: propagation gives up chasing, and the relaxation knows at once.
#[test]
fn bounds_that_chase_each_other() {
    let chase = |bounds: &str| {
        format!("minimize\n c: x\nsubject to\n p: x - y >= 1\n q: y - x >= 1\n{bounds}general\n x y\nend\n")
    };
    for bounds in ["", "bounds\n x <= 500000000\n y <= 500000000\n", "bounds\n x free\n y free\n"] {
        assert_eq!(claim(&chase(bounds), Status::Infeasible, None), Claim::Infeasible);
    }
    let feasible = "minimize\n c: b\nsubject to\n p: x - y + 1000000000 b >= 1\n q: y - x + 1000000000 b >= 1\nbounds\n \
                    x <= 500000000\n y <= 500000000\nbinary\n b\ngeneral\n x y\nend\n";
    assert!(matches!(claim(feasible, Status::Optimal, Some(1.0)), Claim::Range { .. }));
}

/// A rounded side closes the gap of the relaxation: 2 x + 4 y <= 7 is x + 2 y <= 3, also with a fixed column in the row and
/// with fractions, which a certificate leaves to branching.
#[test]
fn rounded_sides() {
    let cases = [
        ("maximize\n c: x + 2 y\nsubject to\n r: 2 x + 4 y <= 7\ngeneral\n x y\nend\n", 3.0),
        ("maximize\n c: x + 2 y\nsubject to\n r: 2 x + 4 y + 3 z <= 12\nbounds\n z = 1\ngeneral\n x y z\nend\n", 4.0),
        ("maximize\n c: x + 2 y\nsubject to\n r: 0.1 x + 0.2 y <= 0.35\ngeneral\n x y\nend\n", 3.0),
        ("minimize\n c: x + 2 y\nsubject to\n r: 3 x + 6 y >= 7\ngeneral\n x y\nend\n", 3.0),
    ];
    for (text, optimum) in cases {
        assert!(matches!(claim(text, Status::Optimal, Some(optimum)), Claim::Range { .. }));
    }
}
