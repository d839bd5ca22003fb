//! Random formulas, and random proofs grown step by step.

use super::{proof, run};
use checker::boolean::Conclusion;

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    pub fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }
}

/// sum of coefficient * literal >= degree; literal +-(variable + 1).
pub type Row = (Vec<(i64, i32)>, i64);

pub struct Case {
    pub variables: usize,
    pub rows: Vec<Row>,
    pub objective: Option<Vec<(i64, i32)>>,
    pub constant: i64,
}

fn holds(lit: i32, point: usize) -> bool {
    (point >> (lit.unsigned_abs() - 1) & 1 == 1) == (lit > 0)
}

fn sum(terms: &[(i64, i32)], point: usize) -> i64 {
    terms.iter().filter(|(_, lit)| holds(*lit, point)).map(|(c, _)| c).sum()
}

pub fn terms(random: &mut Random, variables: usize, plain: bool) -> Vec<(i64, i32)> {
    let mut terms = vec![];
    for var in 1..=variables as i32 {
        if random.one_in(2) {
            let coefficient = if plain { 1 } else { [1, 1, 2, 3, -1][random.below(5)] };
            terms.push((coefficient, if random.one_in(2) { var } else { -var }));
        }
    }
    terms
}

pub fn row(random: &mut Random, variables: usize) -> Row {
    let plain = random.one_in(2);
    let terms = terms(random, variables, plain);
    let degree = if plain { 1 + random.below(2) as i64 } else { random.below(5) as i64 - 1 };
    (terms, degree)
}

pub fn name(lit: i32) -> String {
    format!("{}x{}", if lit < 0 { "~" } else { "" }, lit.abs())
}

pub fn text(terms: &[(i64, i32)]) -> String {
    terms.iter().map(|(c, lit)| format!("{c} {} ", name(*lit))).collect()
}

impl Case {
    pub fn new(random: &mut Random) -> Self {
        let variables = 2 + random.below(4);
        let rows = (0..1 + random.below(7)).map(|_| row(random, variables)).collect();
        let plain = random.one_in(2);
        let objective = (!random.one_in(4)).then(|| terms(random, variables, plain));
        Self { variables, rows, objective, constant: [0, 0, 3, -2][random.below(4)] }
    }

    pub fn formula(&self) -> String {
        let mut out = String::from("* a random formula\n");
        if let Some(objective) = &self.objective {
            let constant = if self.constant == 0 { String::new() } else { self.constant.to_string() };
            // Neither reader knows a sum of nothing.
            let sum = text(objective);
            let body = if sum.is_empty() { self.constant.to_string() } else { format!("{sum}{constant}") };
            out += &format!("min: {body} ;\n");
        }
        for (terms, degree) in &self.rows {
            out += &format!("{}>= {degree} ;\n", text(terms));
        }
        out
    }

    pub fn is_solution(&self, point: usize) -> bool {
        self.rows.iter().all(|(terms, degree)| sum(terms, point) >= *degree)
    }

    pub fn value(&self, point: usize) -> i64 {
        self.objective.as_ref().map_or(0, |objective| sum(objective, point) + self.constant)
    }

    /// The least value of a solution.
    pub fn optimum(&self) -> Option<i64> {
        (0..1 << self.variables).filter(|&point| self.is_solution(point)).map(|point| self.value(point)).min()
    }

    /// Whether a conclusion is true.
    pub fn is_true(&self, conclusion: Conclusion) -> bool {
        match (conclusion, self.optimum()) {
            (Conclusion::None, _) => true,
            (Conclusion::Satisfiable, optimum) => optimum.is_some(),
            (Conclusion::Unsatisfiable, optimum) => optimum.is_none(),
            (Conclusion::Bounds { lower, upper: None }, None) => lower.is_none_or(|_| true),
            (Conclusion::Bounds { .. }, None) => false,
            (Conclusion::Bounds { lower, upper }, Some(optimum)) => {
                lower.is_some_and(|lower| lower <= optimum) && upper.is_none_or(|upper| upper >= optimum)
            }
        }
    }

    fn point(&self, point: usize) -> String {
        (1..=self.variables as i32)
            .map(|var| format!("{} ", name(if holds(var, point) { var } else { -var })))
            .collect()
    }

    /// A step that may or may not hold.
    pub fn step(&self, random: &mut Random, last: usize) -> String {
        let variables = self.variables;
        let id = |random: &mut Random| match random.below(4) {
            0 => format!("-{}", 1 + random.below(last.max(1))),
            _ => (1 + random.below(last.max(1))).to_string(),
        };
        let constraint = |random: &mut Random| {
            let new = usize::from(random.one_in(6));
            let (terms, degree) = row(random, variables + new);
            format!("{}>= {degree}", text(&terms))
        };
        match random.below(12) {
            0..=2 => format!("rup {};", constraint(random)),
            3 => {
                let hints: String = (0..random.below(4))
                    .map(|_| if random.one_in(5) { "~ ".into() } else { id(random) + " " })
                    .collect();
                format!("rup {} : {hints};", constraint(random))
            }
            4 | 5 => {
                let mut pol = format!("pol {}", id(random));
                for _ in 0..random.below(5) {
                    let var = 1 + random.below(variables) as i32;
                    pol += &match random.below(7) {
                        0 | 1 => format!(" {} +", id(random)),
                        2 => format!(" {} *", 1 + random.below(3)),
                        3 => format!(" {} d", 1 + random.below(4)),
                        4 => " s".to_owned(),
                        5 => format!(" {} w", name(var)),
                        _ => format!(" {} +", name(if random.one_in(2) { var } else { -var })),
                    };
                }
                pol + ";"
            }
            6 | 7 => {
                let mut witness = String::new();
                for var in 1..=variables as i32 + 1 {
                    if random.one_in(3) {
                        let to = 1 + random.below(variables) as i32;
                        let arrow = if random.one_in(2) { "-> " } else { "" };
                        let image = match random.below(4) {
                            0 => "0".to_owned(),
                            1 => "1".to_owned(),
                            2 => name(to),
                            _ => name(-to),
                        };
                        witness += &format!("{} {arrow}{image} ", name(var));
                    }
                }
                format!("red {} : {witness};", constraint(random))
            }
            8 => format!("soli {};", self.point(random.below(1 << variables))),
            9 => {
                let point = random.below(1 << variables);
                let value = if self.objective.is_some() { format!(" : {}", self.value(point)) } else { String::new() };
                format!("sol {}{value};", self.point(point))
            }
            _ => match random.below(4) {
                0 => format!("del range {} {};", id(random), id(random)),
                1 => format!("del spec {};", constraint(random)),
                _ => format!("del id {};", id(random)),
            },
        }
    }

    /// Steps that our checker accepts, and conclusions to try after them.
    pub fn grow(&self, random: &mut Random, attempts: usize) -> String {
        let mut steps = format!("f {};\n", self.rows.len());
        let mut last = self.rows.len();
        for _ in 0..attempts {
            let step = self.step(random, last);
            let longer = format!("{steps}{step}\n");
            if let Ok(report) = run(&self.formula(), &proof(&longer, "NONE")) {
                last = report.constraints + report.derived;
                steps = longer;
            }
        }
        steps
    }

    pub fn conclusions(&self) -> Vec<String> {
        let mut all = vec!["NONE".to_owned(), "SAT".to_owned(), "UNSAT".to_owned(), "BOUNDS INF INF".to_owned()];
        let around = self.optimum().unwrap_or(1);
        for lower in around - 1..=around + 2 {
            all.push(format!("BOUNDS {lower} INF"));
            for upper in around - 1..=around + 1 {
                all.push(format!("BOUNDS {lower} {upper}"));
            }
        }
        all
    }
}
