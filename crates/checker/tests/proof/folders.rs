//! Valid folders, by hand.

use super::Folder;
use sha2::{Digest, Sha256};

/// What a folder's problem is made of.
struct Task<'a> {
    architecture: &'a str,
    scaler: &'a str,
    classes: &'a [&'a str],
    training: &'a str,
    points: &'a [&'a [f64]],
    row_points: &'a [usize],
    row_classes: &'a [usize],
    partition: &'a str,
    claim: &'a str,
}

/// The fingerprint of the specification.
fn fingerprint(task: &Task<'_>) -> String {
    let mut hash = Sha256::new();
    let natural = |value: usize| (value as u64).to_le_bytes();
    hash.update(b"heaviside data 1\n");
    for size in [task.points[0].len(), task.classes.len(), task.row_points.len()] {
        hash.update(natural(size));
    }
    for class in task.classes {
        hash.update(natural(class.len()));
        hash.update(class.as_bytes());
    }
    for (&point, &class) in task.row_points.iter().zip(task.row_classes) {
        task.points[point].iter().for_each(|value| hash.update(value.to_bits().to_le_bytes()));
        hash.update(natural(class));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Task<'_> {
    fn folder(&self, lemmas: &str, formula: &str, proof: &str, layers: &str) -> Folder {
        let width = self.points[0].len();
        let features: Vec<String> = (1..=width).map(|j| format!("\"f{j}\"")).collect();
        let common = format!(
            "\"architecture\": {},\n \"scaler\": {},\n \"schema\": {{\"features\": [{}], \"named\": false, \"label\": \"label\", \
             \"label_column\": {width}, \"classes\": {:?}}},\n \"training\": {{{}, \"l0\": 0, \"l1\": 0, \"data_sha256\": \"{}\", \
             \"rows\": {}, \"distinct_points\": {}}}",
            self.architecture,
            self.scaler,
            features.join(", "),
            self.classes,
            self.training,
            fingerprint(self),
            self.row_points.len(),
            self.points.len(),
        );
        let problem = format!(
            "{{\"format\": \"heaviside-proof\", \"version\": 1,\n {common},\n \"points\": {:?},\n \"row_points\": {:?},\n \
             \"row_classes\": {:?},\n \"partition\": {},\n \"claim\": {}}}\n",
            self.points, self.row_points, self.row_classes, self.partition, self.claim,
        );
        let loss = self.claim.rsplit(' ').next().unwrap().trim_end_matches('}');
        let network = (loss != "null").then(|| {
            format!(
                "{{\"format\": \"heaviside-model\", \"version\": 1,\n {common},\n \"network\": {{\"layers\": [\n{layers}]}},\n \
                 \"claim\": {{\"status\": \"optimal\", \"loss\": {loss}, \"objective\": {loss}, \"bound\": {loss}}}}}\n"
            )
        });
        let row = |(&point, &class): (&usize, &usize)| {
            let cells: Vec<String> = self.points[point].iter().map(ToString::to_string).collect();
            format!("{},{}\n", cells.join(","), self.classes[class])
        };
        Folder {
            problem,
            lemmas: lemmas.to_owned(),
            formula: formula.to_owned(),
            proof: proof.to_owned(),
            network,
            data: self.row_points.iter().zip(self.row_classes).map(row).collect(),
        }
    }
}

/// Three points on a line, the middle one of the other class; no hidden layer; ideal.
pub fn linear() -> Folder {
    let task = Task {
        architecture: r#"{"inputs": 1, "hidden": [], "classes": 2, "bias": true, "weights": "continuous"}"#,
        scaler: r#"{"shift": [1], "divisor": [3]}"#,
        classes: &["no", "yes"],
        training: r#""loss": "zero-one", "epsilon": null, "robust": null"#,
        points: &[&[0.0], &[1.5], &[4.5]],
        row_points: &[2, 0, 1],
        row_classes: &[0, 0, 1],
        partition: "null",
        claim: r#"{"bound": 1, "loss": 1}"#,
    };
    task.folder(
        "{\"layer\":1,\"fires\":[[1,\"1\"]],\"rests\":[[0,\"2/3\"],[2,\"1/3\"]]}\n",
        "* #variable= 3 #constraint= 2\nmin: 1 u1_0_0 1 ~u1_1_0 1 u1_2_0 ;\n@m0_0 1 ~u1_1_0 1 u1_0_0 1 u1_2_0 >= 1 ;\n\
         @n0_0 1 u1_1_0 1 ~u1_0_0 1 ~u1_2_0 >= 1 ;\n",
        "pseudo-Boolean proof version 3.0\nf 2;\nsoli ~u1_0_0 ~u1_1_0 ~u1_2_0;\nrup >= 1;\noutput NONE;\n\
         conclusion BOUNDS 1 : 4 1;\nend pseudo-Boolean proof;\n",
        r#"{"inputs": 1, "outputs": 1, "weights": [0], "biases": [-1]}"#,
    )
}

/// The same points behind a hidden neuron, with a margin of 1/4.
pub fn margin() -> Folder {
    let task = Task {
        architecture: r#"{"inputs": 1, "hidden": [1], "classes": 2, "bias": true, "weights": "continuous"}"#,
        scaler: r#"{"shift": [0], "divisor": [2]}"#,
        classes: &["no", "yes"],
        training: r#""loss": "hamming", "epsilon": 0.25, "robust": null"#,
        points: &[&[0.0], &[1.0], &[2.0]],
        row_points: &[0, 1, 2],
        row_classes: &[0, 1, 0],
        partition: "null",
        claim: r#"{"bound": 1, "loss": 1}"#,
    };
    task.folder(
        // The sides lie 1/50 apart, and in the second lemma the multipliers do not add up to the same.
        "{\"layer\":1,\"fires\":[[1,\"1\"]],\"rests\":[[0,\"12/25\"],[2,\"13/25\"]]}\n\
         {\"layer\":1,\"fires\":[[0,\"1/2\"],[2,\"2/5\"]],\"rests\":[[1,\"1\"]]}\n",
        "* #variable= 10 #constraint= 16\nmin: 1 u2_0_0 1 ~u2_1_0 1 u2_2_0 ;\n1 ~t2_0_0 1 ~s2_0_0 >= 1 ;\n\
         1 u1_0_0 1 ~u2_0_0 1 t2_0_0 >= 1 ;\n1 u1_0_0 1 u2_0_0 1 s2_0_0 >= 1 ;\n\
         1 u1_1_0 1 ~u2_1_0 1 t2_0_0 >= 1 ;\n1 u1_1_0 1 u2_1_0 1 s2_0_0 >= 1 ;\n\
         1 u1_2_0 1 ~u2_2_0 1 t2_0_0 >= 1 ;\n1 u1_2_0 1 u2_2_0 1 s2_0_0 >= 1 ;\n1 ~t2_0_1 1 ~s2_0_1 >= 1 ;\n\
         1 ~u1_0_0 1 ~u2_0_0 1 t2_0_1 >= 1 ;\n1 ~u1_0_0 1 u2_0_0 1 s2_0_1 >= 1 ;\n\
         1 ~u1_1_0 1 ~u2_1_0 1 t2_0_1 >= 1 ;\n1 ~u1_1_0 1 u2_1_0 1 s2_0_1 >= 1 ;\n\
         1 ~u1_2_0 1 ~u2_2_0 1 t2_0_1 >= 1 ;\n1 ~u1_2_0 1 u2_2_0 1 s2_0_1 >= 1 ;\n\
         @m0_0 1 ~u1_1_0 1 u1_0_0 1 u1_2_0 >= 1 ;\n@m1_0 1 ~u1_0_0 1 ~u1_2_0 1 u1_1_0 >= 1 ;\n",
        "pseudo-Boolean proof version 3.0\nf 16;\n% all fire, the output rests\n\
         @best soli u1_0_0 u1_1_0 u1_2_0 ~u2_0_0 ~u2_1_0 ~u2_2_0 ~t2_0_0 s2_0_0 ~t2_0_1 s2_0_1;\n\
         rup 1 ~u1_1_0 >= 1;\nrup >= 1;\noutput NONE;\nconclusion BOUNDS 1 1;\nend pseudo-Boolean proof;\n",
        "{\"inputs\": 1, \"outputs\": 1, \"weights\": [0], \"biases\": [0]},\n\
         {\"inputs\": 1, \"outputs\": 1, \"weights\": [0], \"biases\": [-0.25]}",
    )
}

/// Three classes, zero-one loss, two parts, no biases, balls: every neuron fires on one of two opposite sides.
pub fn classes() -> Folder {
    let task = Task {
        architecture: r#"{"inputs": 2, "hidden": [], "classes": 3, "bias": false, "weights": "continuous"}"#,
        scaler: r#"{"shift": [0, 0], "divisor": [1, 1]}"#,
        classes: &["red", "green", "blue"],
        training: r#""loss": "zero-one", "epsilon": null, "robust": {"radius": 0.25, "norm": "linf"}"#,
        points: &[&[1.0, 0.0], &[2.0, 0.0], &[-1.0, 0.5]],
        row_points: &[0, 1, 2, 2],
        row_classes: &[0, 1, 2, 1],
        partition: "[0, 0, 1]",
        claim: r#"{"bound": 3, "loss": 3}"#,
    };
    task.folder(
        "{\"layer\":1,\"fires\":[],\"rests\":[[0,\"1\"],[2,\"1\"]]}\n",
        "min: 1 e0_0 1 e0_1 1 e1_1 1 e1_2 ;\n\
         1 e0_0 1 u1_0_0 >= 1 ;\n1 e0_0 1 ~u1_0_1 >= 1 ;\n1 e0_0 1 ~u1_0_2 >= 1 ;\n\
         1 e0_1 1 ~u1_0_0 >= 1 ;\n1 e0_1 1 u1_0_1 >= 1 ;\n1 e0_1 1 ~u1_0_2 >= 1 ;\n\
         1 e1_1 1 ~u1_1_0 >= 1 ;\n1 e1_1 1 u1_1_1 >= 1 ;\n1 e1_1 1 ~u1_1_2 >= 1 ;\n\
         1 e1_2 1 ~u1_1_0 >= 1 ;\n1 e1_2 1 ~u1_1_1 >= 1 ;\n1 e1_2 1 u1_1_2 >= 1 ;\n\
         @m0_0 1 u1_0_0 1 u1_1_0 >= 1 ;\n@m0_1 1 u1_0_1 1 u1_1_1 >= 1 ;\n@m0_2 1 u1_0_2 1 u1_1_2 >= 1 ;\n",
        "pseudo-Boolean proof version 3.0\nf 15;\nsoli u1_0_0 u1_0_1 ~u1_0_2 ~u1_1_0 ~u1_1_1 u1_1_2 e0_0 e0_1 e1_1 ~e1_2 : 3;\n\
         pol 1 4 + s;\npol 8 11 + s;\nrup 1 e0_0 >= 1;\nrup 1 e0_1 >= 1 : 5 4 6 ~ -1 16 13 14 15 7 8 9 10 11 12;\n\
         rup 1 u1_0_0 1 u1_1_0 >= 1;\ndel id -1;\nrup >= 1;\noutput NONE;\nconclusion BOUNDS 3 : -1 3;\nend pseudo-Boolean proof;\n",
        "{\"inputs\": 2, \"outputs\": 3, \"weights\": [1, 0, 1, 0, -1, 0], \"biases\": [0, 0, 0]}",
    )
}

/// The points of [`linear`] and a weight that is -1, 0 or 1: if it is at least 0 the last point is no lower than the middle one, if it is at most 0 the first.
pub fn whole() -> Folder {
    let task = Task {
        architecture: r#"{"inputs": 1, "hidden": [], "classes": 2, "bias": true, "weights": {"integer": 1}}"#,
        scaler: r#"{"shift": [1], "divisor": [3]}"#,
        classes: &["no", "yes"],
        training: r#""loss": "zero-one", "epsilon": null, "robust": null"#,
        points: &[&[0.0], &[1.5], &[4.5]],
        row_points: &[2, 0, 1],
        row_classes: &[0, 0, 1],
        partition: "null",
        claim: r#"{"bound": 1, "loss": 1}"#,
    };
    task.folder(
        "{\"layer\":1,\"fires\":[[1,\"1\"]],\"rests\":[[2,\"1\"]],\"least\":[[0,1]],\"below\":[]}\n\
         {\"layer\":1,\"fires\":[[1,\"1\"]],\"rests\":[[0,\"1\"]],\"least\":[],\"below\":[[0,2]]}\n",
        "* #variable= 5 #constraint= 5\nmin: 1 u1_0_0 1 ~u1_1_0 1 u1_2_0 ;\n1 ~w1_0_0_2 1 w1_0_0_1 >= 1 ;\n\
         @m0_0 1 ~u1_1_0 1 u1_2_0 1 ~w1_0_0_1 >= 1 ;\n@n0_0 1 u1_1_0 1 ~u1_2_0 1 w1_0_0_2 >= 1 ;\n\
         @m1_0 1 ~u1_1_0 1 u1_0_0 1 w1_0_0_2 >= 1 ;\n@n1_0 1 u1_1_0 1 ~u1_0_0 1 ~w1_0_0_1 >= 1 ;\n",
        "pseudo-Boolean proof version 3.0\nf 5;\nsoli ~u1_0_0 ~u1_1_0 ~u1_2_0 w1_0_0_1 ~w1_0_0_2;\nrup >= 1;\noutput NONE;\n\
         conclusion BOUNDS 1 : 7 1;\nend pseudo-Boolean proof;\n",
        r#"{"inputs": 1, "outputs": 1, "weights": [0], "biases": [-1]}"#,
    )
}

/// Rows that agree in all features and not in class: nothing to prove but the offset.
pub fn conflicts() -> Folder {
    let task = Task {
        architecture: r#"{"inputs": 1, "hidden": [], "classes": 2, "bias": true, "weights": "continuous"}"#,
        scaler: r#"{"shift": [0], "divisor": [1]}"#,
        classes: &["0", "1"],
        training: r#""loss": "zero-one", "epsilon": null, "robust": null"#,
        points: &[&[0.5], &[-0.1]],
        row_points: &[0, 0, 1, 1, 1],
        row_classes: &[0, 1, 0, 1, 1],
        partition: "null",
        claim: r#"{"bound": 2, "loss": 2}"#,
    };
    task.folder(
        "",
        "* #variable= 1 #constraint= 0\nmin: 1 ~u1_1_0 ;\n",
        "pseudo-Boolean proof version 3.0\nf 0;\nrup >= 0;\noutput NONE;\nconclusion BOUNDS 0 INF;\nend pseudo-Boolean proof;\n",
        r#"{"inputs": 1, "outputs": 1, "weights": [-1], "biases": [0]}"#,
    )
}
