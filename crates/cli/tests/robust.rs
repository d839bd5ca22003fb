//! Robust training and whole weights through every method, each model checked by two that did not train it: `check
//! network`, and the worst case that `evaluate --attack` decides.

mod common;

use common::{Files, heaviside};

/// Two features on a coarse grid; the class is that of a strip, with two labels flipped.
fn strip() -> String {
    let row = |i: u32| {
        let (x, y) = (i * 5 % 7, i * 3 % 8);
        let inside = (4..=8).contains(&(x + y));
        format!("{x},{y},{}\n", u32::from(inside ^ (i % 11 == 5)))
    };
    (0..20).map(row).collect()
}

/// The first layer's activations hold on the ball around every training point, so no attack within the radius of the
/// training changes a prediction there. And nobody undercuts a proven optimum.
#[test]
fn what_is_trained_to_be_robust_is_certified() {
    let files = Files::new();
    let (data, model) = (files.add("strip.csv", &strip()), files.path("m.json"));
    let methods: [&[&str]; 4] = [
        &["--method", "omt"],
        &["--method", "local-search"],
        &["--method", "split"],
        &["--method", "split", "--split-engine", "omt", "--no-polish"],
    ];
    for weights in ["continuous", "ternary", "integer:2"] {
        for norm in ["linf", "l1"] {
            let mut optimum = None;
            for method in methods {
                let mut args = vec!["train", &data, "--hidden", "2", "--robust", "0.05", "--norm", norm];
                args.extend(["--weights", weights, "--out", &model, "--json"]);
                args.extend(method);
                if method.contains(&"local-search") || method.len() == 2 && method[1] == "split" {
                    args.extend(["--node-limit", "4"]);
                }
                let json = heaviside(&args).json();
                let loss = json["loss"].as_u64().unwrap();
                if method[1] == "omt" {
                    assert_eq!(json["status"], "optimal", "{weights} {norm}");
                    optimum = Some(loss);
                }
                assert!(Some(loss) >= optimum, "{weights} {norm} {method:?}: {loss} undercuts {optimum:?}");
                heaviside(&["check", "network", &model, &data]).ok();
                let attack =
                    heaviside(&["evaluate", &model, &data, "--attack", "0.05", "--norm", norm, "--json"]).json();
                assert_eq!(attack["attack"]["certified"], 20, "{weights} {norm} {method:?}: {}", attack["attack"]);
            }
        }
    }
}

/// The MILP engine, which needs a margin, on the smallest shape.
#[test]
fn the_milp_trains_robustly_too() {
    let files = Files::new();
    let (data, model) = (files.add("strip.csv", &strip()), files.path("m.json"));
    for weights in ["continuous", "ternary"] {
        let args =
            ["train", &data, "--method", "milp", "--robust", "0.05", "--weights", weights, "--out", &model, "--json"];
        let json = heaviside(&args).json();
        assert_eq!(json["status"], "optimal");
        let omt =
            heaviside(&["train", &data, "--method", "omt", "--robust", "0.05", "--weights", weights, "--json"]).json();
        assert!(json["loss"].as_u64() >= omt["loss"].as_u64(), "a margin only costs");
        let attack = heaviside(&["evaluate", &model, &data, "--attack", "0.05", "--json"]).json();
        assert_eq!(attack["attack"]["certified"], 20);
    }
}
