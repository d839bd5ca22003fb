//! What the register states optima of: data, hidden neurons, and what others have printed.

/// One problem: two classes, or one class against the rest; one hidden layer or none, biases, continuous weights, ideal semantics.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub file: &'static str,
    /// This class against the rest.
    pub positive: Option<&'static str>,
    /// Hidden neurons.
    pub hidden: usize,
    /// What somebody has printed, and where.
    pub printed: Option<(&'static str, &'static str)>,
}

/// Tables that are not part of the project: name of the file and where it comes from.
pub const ELSEWHERE: &[(&str, &str)] = &[
    ("banana.csv", "banana, KEEL"),
    ("banknote.csv", "Banknote Authentication, UCI Machine Learning Repository, distinct rows"),
    ("caesarian.csv", "Caesarian Section Classification, UCI Machine Learning Repository"),
    ("cryotherapy.csv", "Cryotherapy, UCI Machine Learning Repository"),
    ("german.csv", "German Credit, the seven numeric features, KEEL"),
    ("heart.csv", "Statlog Heart, KEEL"),
    ("mammographic.csv", "Mammographic Mass, KEEL"),
    ("pima.csv", "Pima Indians Diabetes, KEEL"),
    ("rice.csv", "Rice (Cammeo and Osmancik), UCI Machine Learning Repository"),
    ("sepsis.csv", "Sepsis Survival Minimal Clinical Records, UCI Machine Learning Repository"),
    ("transfusion.csv", "Blood Transfusion Service Center, UCI Machine Learning Repository"),
    ("voicepath.csv", "voicepath, as the authors of [1] and [2] distribute it"),
];

/// What is cited.
pub const REFERENCES: &[&str] = &[
    "X. He, W. U. Rahman, M. A. Little, *An efficient, provably exact, practical algorithm for the 0-1 loss linear classification \
     problem*, arXiv 2306.12344 (2023).",
    "X. He, Y. Miao, M. A. Little, *Deep-ICE: The first globally optimal algorithm for empirical risk minimization of two-layer maxout \
     and ReLU networks*, arXiv 2505.05740 (2025). Its networks are others: of two-layer maxout networks with two neurons each is one of \
     two neurons here.",
    "J. Kurtz, B. Bah, *Efficient and Robust Mixed-Integer Optimization Methods for Training Binarized Deep Neural Networks*, arXiv \
     2110.11382 (2021). The value is that of a commercial solver with default tolerances ([the tale](wrong-optimum.md)).",
];

const fn plain(file: &'static str, hidden: usize) -> Entry {
    Entry { file, positive: None, hidden, printed: None }
}

const fn against(file: &'static str, positive: &'static str, hidden: usize) -> Entry {
    Entry { positive: Some(positive), ..plain(file, hidden) }
}

const fn printed(file: &'static str, hidden: usize, value: &'static str, place: &'static str) -> Entry {
    Entry { printed: Some((value, place)), ..plain(file, hidden) }
}

/// Data of the project, under `datasets/`.
pub const HERE: &[Entry] = &[
    printed("haberman.csv", 0, "66", "[1]"),
    plain("haberman.csv", 2),
    plain("haberman.csv", 3),
    printed("optima/breast_cancer_wisconsin_filled.csv", 0, "6", "a solver on the model of [3]"),
    plain("breast_cancer_wisconsin_original.csv", 0),
    plain("breast_cancer_wisconsin_original.csv", 2),
    plain("breast_cancer_wdbc.csv", 0),
    plain("boston_housing.csv", 0),
    plain("ionosphere.csv", 0),
    plain("ionosphere.csv", 2),
    against("iris.csv", "versicolor", 0),
    against("iris.csv", "versicolor", 2),
    against("iris.csv", "virginica", 0),
    plain("sonar.csv", 0),
    plain("optima/rand_n2_m15_d2_s0.csv", 2),
    plain("optima/rand_n2_m20_d2_s0.csv", 2),
    plain("optima/rand_n2_m25_d2_s0.csv", 2),
    plain("optima/rand_n2_m30_d2_s0.csv", 2),
    plain("optima/rand_n2_m30_d2_s0.csv", 3),
    plain("optima/rand_n2_m50_d2_s0.csv", 2),
    plain("optima/rand_n2_m50_d2_s0.csv", 3),
    plain("optima/rand_n2_m80_d2_s0.csv", 2),
    plain("optima/rand_n3_m30_d2_s0.csv", 2),
    plain("optima/rand_n3_m50_d2_s0.csv", 2),
    plain("optima/rand_n5_m30_d2_s0.csv", 2),
    plain("optima/rand_n5_m40_d2_s0.csv", 2),
    plain("optima/teacher_n2_m40_d2_s0.csv", 2),
    plain("optima/teacher_n2_m50_d2_s0.csv", 2),
    plain("optima/teacher_n2_m100_d2_s0.csv", 2),
    plain("optima/teacher_n3_m50_d2_s0.csv", 2),
    plain("optima/teacher_n5_m50_d2_s0.csv", 2),
    plain("optima/teacher_n2_m50_d3_s0.csv", 3),
    plain("optima/teacher_n2_m100_d3_s0.csv", 3),
    plain("optima/teacher_n3_m100_d3_s0.csv", 3),
];

/// Data of [`ELSEWHERE`].
pub const THERE: &[Entry] = &[
    plain("banana.csv", 0),
    plain("banana.csv", 2),
    plain("banknote.csv", 0),
    plain("banknote.csv", 2),
    printed("caesarian.csv", 0, "18", "[1]"),
    plain("caesarian.csv", 2),
    plain("caesarian.csv", 3),
    printed("cryotherapy.csv", 0, "6", "[1]"),
    plain("cryotherapy.csv", 2),
    plain("german.csv", 0),
    plain("heart.csv", 0),
    plain("mammographic.csv", 0),
    plain("mammographic.csv", 2),
    plain("pima.csv", 0),
    plain("rice.csv", 0),
    plain("sepsis.csv", 0),
    plain("sepsis.csv", 2),
    printed("transfusion.csv", 0, "142", "[1]"),
    plain("transfusion.csv", 2),
    printed("voicepath.csv", 0, "19", "[1]"),
    printed("voicepath.csv", 2, "16", "[2]"),
    plain("voicepath.csv", 3),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_entry_stands_once_and_says_where_it_comes_from() {
        let all = || HERE.iter().chain(THERE);
        let keys: BTreeSet<_> = all().map(|entry| (entry.file, entry.positive, entry.hidden)).collect();
        assert_eq!(keys.len(), all().count());
        assert!(THERE.iter().all(|entry| ELSEWHERE.iter().any(|(file, _)| *file == entry.file)));
        for (_, place) in all().filter_map(|entry| entry.printed) {
            let number = place.rsplit('[').next().and_then(|rest| rest.trim_end_matches(']').parse::<usize>().ok());
            assert!(number.is_some_and(|number| (1..=REFERENCES.len()).contains(&number)), "{place}");
        }
    }
}
