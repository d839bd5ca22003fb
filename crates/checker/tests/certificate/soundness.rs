//! Random derivations, right and wrong, against a grid of points: whatever the checker lets pass must hold at every point
//! of the model that satisfies the assumptions (and is better than the cutoff). The grid is coarse in the continuous
//! variable, so it may miss a lie, but it never accuses a truth.

use super::run;
use checker::{Error, Rational};
use std::collections::BTreeSet;

/// Numbers by chance, the same for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        // Xorshift, Marsaglia 2003.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }

    fn whole(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as u64) as i64
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }
}

fn number(value: i64) -> Rational {
    Rational::from(value)
}

const VARIABLES: usize = 3;
/// x0 and x1 are integer, x2 is continuous; all lie in [-1, 2].
const INTEGER: [bool; VARIABLES] = [true, true, false];

#[derive(Clone, Debug, PartialEq)]
struct Constraint {
    terms: Vec<Rational>,
    /// -1 for <=, 0 for =, 1 for >=.
    sense: i64,
    right: Rational,
}

impl Constraint {
    fn holds(&self, point: &[Rational]) -> bool {
        let value = self.terms.iter().zip(point).fold(Rational::ZERO, |sum, (a, x)| sum + a * x);
        match self.sense {
            -1 => value <= self.right,
            0 => value == self.right,
            _ => value >= self.right,
        }
    }

    fn text(&self) -> String {
        let sense = ["L", "E", "G"][(self.sense + 1) as usize];
        let terms: Vec<String> =
            self.terms.iter().enumerate().filter(|(_, a)| !a.is_zero()).map(|(j, a)| format!(" {j} {a}")).collect();
        format!("c {sense} {} {}{}", self.right, terms.len(), terms.concat())
    }
}

/// A model with its feasible grid points.
struct World {
    model: String,
    header: String,
    given: Vec<Constraint>,
    objective: Vec<Rational>,
    maximise: bool,
    feasible: Vec<Vec<Rational>>,
}

impl World {
    fn new(random: &mut Random) -> Self {
        let maximise = random.below(2) == 0;
        let form = |random: &mut Random| (0..VARIABLES).map(|_| number(random.whole(-2, 2))).collect::<Vec<_>>();
        let mut objective = form(random);
        if random.below(2) == 0 {
            objective[2] = Rational::ZERO;
        }
        let mut given = vec![];
        for j in 0..VARIABLES {
            for (sense, right) in [(1, -1), (-1, 2)] {
                let terms = (0..VARIABLES).map(|k| number(i64::from(j == k))).collect();
                given.push(Constraint { terms, sense, right: number(right) });
            }
        }
        for _ in 0..2 {
            let sense = *random.pick(&[-1, -1, 0, 1]);
            given.push(Constraint { terms: form(random), sense, right: number(random.whole(-2, 3)) });
        }
        let values = |integer: bool| -> Vec<Rational> {
            if integer { (-1..=2).map(number).collect() } else { (-4..=8).map(|k| number(k) / number(4)).collect() }
        };
        let mut grid = vec![vec![]];
        for integer in INTEGER {
            grid = grid
                .iter()
                .flat_map(|point: &Vec<Rational>| values(integer).into_iter().map(|x| [&point[..], &[x]].concat()))
                .collect();
        }
        let feasible: Vec<Vec<Rational>> = grid.into_iter().filter(|x| given.iter().all(|c| c.holds(x))).collect();
        let expression = |terms: &[Rational]| -> String {
            let terms = terms.iter().enumerate();
            terms
                .map(|(j, a)| if *a < Rational::ZERO { format!(" {a} x{j}") } else { format!(" + {a} x{j}") })
                .collect()
        };
        let direction = if maximise { "max" } else { "min" };
        let mut model = format!("{direction}\n{}\nst\n", expression(&objective));
        for row in &given[2 * VARIABLES..] {
            let sense = ["<=", "=", ">="][(row.sense + 1) as usize];
            model += &format!("{} {sense} {}\n", expression(&row.terms), row.right);
        }
        model += "bounds\n-1 <= x0 <= 2\n-1 <= x1 <= 2\n-1 <= x2 <= 2\ngenerals\nx0 x1\nend\n";
        let constraints: String = given.iter().map(|c| c.text() + "\n").collect();
        let sparse = Constraint { terms: objective.clone(), sense: 0, right: Rational::ZERO }.text();
        let terms = sparse.split_once(' ').unwrap().1.split_once(' ').unwrap().1.split_once(' ').unwrap().1.to_owned();
        let header = format!(
            "VER 1.1 VAR 3 x0 x1 x2 INT 2 0 1 OBJ {direction} {terms}\nCON {} {}\n{constraints}",
            given.len(),
            2 * VARIABLES
        );
        Self { model, header, given, objective, maximise, feasible }
    }

    fn value(&self, point: &[Rational]) -> Rational {
        self.objective.iter().zip(point).fold(Rational::ZERO, |sum, (c, x)| sum + c * x)
    }

    fn check(&self, claim: &str, solution: Option<&Vec<Rational>>, steps: &[String]) -> Result<(), Error> {
        let solution =
            solution.map_or("SOL 0\n".to_owned(), |x| format!("SOL 1 s 3 0 {} 1 {} 2 {}\n", x[0], x[1], x[2]));
        let text = format!("{}RTP {claim}\n{solution}DER {}\n{}\n", self.header, steps.len(), steps.join("\n"));
        run(&self.model, &text).map(|_| ())
    }
}

/// An accepted constraint and what it rests on, tracked without the checker.
#[derive(Clone)]
struct Fact {
    constraint: Constraint,
    assumptions: BTreeSet<usize>,
    cutoffs: Vec<Constraint>,
}

/// One step by chance: its rule in certificate form, and the fact it would give if it were right. Roughly half of the
/// steps are wrong.
fn step(random: &mut Random, world: &World, facts: &[Fact]) -> (String, Fact) {
    let index = facts.len();
    let assumed: Vec<usize> = (0..index).filter(|i| facts[*i].assumptions.contains(i)).collect();
    let fact = |constraint| Fact { constraint, assumptions: BTreeSet::new(), cutoffs: vec![] };
    match random.below(10) {
        0 | 1 => {
            // Often the other side of an earlier assumption.
            let mut constraint = match assumed.last() {
                Some(&other) if random.below(2) == 0 => {
                    let mut mirrored = facts[other].constraint.clone();
                    mirrored.sense = -mirrored.sense;
                    mirrored.right += number(-mirrored.sense * -1);
                    mirrored
                }
                _ => {
                    let terms = (0..VARIABLES).map(|_| number(random.whole(-1, 1))).collect();
                    Constraint { terms, sense: *random.pick(&[-1, 1]), right: number(random.whole(-1, 2)) }
                }
            };
            if random.below(6) == 0 {
                constraint.right += number(1) / number(2);
            }
            let mut fact = fact(constraint);
            fact.assumptions.insert(index);
            ("{ asm } -1".to_owned(), fact)
        }
        2..=6 => {
            let rounded = random.below(2) == 0;
            let mut out = fact(Constraint { terms: vec![Rational::ZERO; VARIABLES], sense: 0, right: Rational::ZERO });
            let mut multipliers = String::new();
            let mut used = BTreeSet::new();
            for _ in 0..random.whole(1, 3) {
                used.insert(random.below(index as u64) as usize);
            }
            for &i in &used {
                let mut factor = number(random.whole(1, 3)) / number(random.whole(1, 2));
                let Fact { constraint, assumptions, cutoffs } = &facts[i];
                let wanted = out.constraint.sense;
                if (wanted != 0 && constraint.sense == -wanted) || (constraint.sense == 0 && random.below(2) == 0) {
                    factor = -factor;
                }
                if random.below(20) == 0 {
                    factor = -factor;
                }
                let turned = if factor < Rational::ZERO { -constraint.sense } else { constraint.sense };
                if turned != 0 {
                    out.constraint.sense = turned;
                }
                for (sum, a) in out.constraint.terms.iter_mut().zip(&constraint.terms) {
                    *sum += &factor * a;
                }
                out.constraint.right += &factor * &constraint.right;
                out.assumptions.extend(assumptions);
                out.cutoffs.extend(cutoffs.iter().cloned());
                multipliers += &format!(" {i} {factor}");
            }
            let right = &mut out.constraint.right;
            if rounded {
                *right = Rational::from(if out.constraint.sense < 0 { right.floor() } else { right.ceil() });
            }
            match random.below(12) {
                0 => *right += number(1) / number(4),
                1 => *right -= number(1) / number(4),
                _ => {}
            }
            let rule = if rounded { "rnd" } else { "lin" };
            (format!("{{ {rule} {}{multipliers} }} -1", used.len()), out)
        }
        7 | 8 if assumed.len() > 1 => {
            let l1 = *random.pick(&assumed);
            let opposite = |i: &usize| {
                let (left, right) = (&facts[l1].constraint, &facts[*i].constraint);
                left.terms == right.terms && left.sense == -right.sense
            };
            let opposites: Vec<usize> = assumed.iter().copied().filter(opposite).collect();
            let any = opposites.is_empty() || random.below(8) == 0;
            let l2 = *random.pick(if any { &assumed } else { &opposites });
            let resting: Vec<usize> = (0..index).filter(|i| facts[*i].assumptions.contains(&l1)).collect();
            let i1 = *random.pick(&resting);
            let alike = |i: &usize| {
                let (left, right) = (&facts[i1].constraint, &facts[*i].constraint);
                left.terms == right.terms && left.sense == right.sense
            };
            let alikes: Vec<usize> = (0..index).filter(alike).collect();
            let i2 = if random.below(8) == 0 { random.below(index as u64) as usize } else { *random.pick(&alikes) };
            let (first, second) = (&facts[i1], &facts[i2]);
            // What both say, if they speak of the same form; or what one of them says.
            let mut constraint = random.pick(&[first, second]).constraint.clone();
            if first.constraint.terms == second.constraint.terms && constraint.sense != 0 {
                let (a, b) = (first.constraint.right.clone(), second.constraint.right.clone());
                constraint.right = if constraint.sense < 0 { a.max(b) } else { a.min(b) };
            }
            let mut out = fact(constraint);
            out.assumptions.extend(first.assumptions.iter().filter(|i| **i != l1));
            out.assumptions.extend(second.assumptions.iter().filter(|i| **i != l2));
            out.cutoffs.extend(first.cutoffs.iter().chain(&second.cutoffs).cloned());
            (format!("{{ uns {i1} {l1} {i2} {l2} }} -1"), out)
        }
        _ => {
            let sense = if random.below(5) == 0 {
                0
            } else if world.maximise {
                1
            } else {
                -1
            };
            let right = number(random.whole(-6, 6)) / number(random.whole(1, 2));
            let constraint = Constraint { terms: world.objective.clone(), sense, right };
            let mut out = fact(constraint.clone());
            out.cutoffs.push(constraint);
            ("{ sol } -1".to_owned(), out)
        }
    }
}

/// `form` bounded by fact `main` and some rows, by chance, with the rest leaning on the bounds of the variables.
fn lean(
    random: &mut Random,
    world: &World,
    facts: &[Fact],
    form: &[Rational],
    sense: i64,
    main: usize,
) -> (String, Fact) {
    let mut multipliers: Vec<(usize, Rational)> = vec![];
    let mut rest = form.to_vec();
    let use_fact = |multipliers: &mut Vec<(usize, Rational)>, rest: &mut [Rational], i: usize, factor: Rational| {
        for (d, a) in rest.iter_mut().zip(&facts[i].constraint.terms) {
            *d -= &factor * a;
        }
        multipliers.push((i, factor));
    };
    for i in [main, 2 * VARIABLES, 2 * VARIABLES + 1] {
        let size = number(random.whole(1, 3)) / number(random.whole(1, 2));
        let turned = facts[i].constraint.sense * sense;
        if i == main || (i < world.given.len() && random.below(2) == 0) {
            let negative = turned < 0 || (turned == 0 && random.below(2) == 0);
            use_fact(&mut multipliers, &mut rest, i, if negative { -size } else { size });
        }
    }
    for j in 0..VARIABLES {
        let d = rest[j].clone();
        if !d.is_zero() {
            // Bounds stand in pairs, `>=` first.
            let upper = (d > Rational::ZERO) == (sense < 0);
            use_fact(&mut multipliers, &mut rest, 2 * j + usize::from(upper), d);
        }
    }
    let mut right = Rational::ZERO;
    let (mut assumptions, mut cutoffs, mut text) = (BTreeSet::new(), vec![], String::new());
    for (i, factor) in &multipliers {
        right += factor * &facts[*i].constraint.right;
        assumptions.extend(&facts[*i].assumptions);
        cutoffs.extend(facts[*i].cutoffs.iter().cloned());
        text += &format!(" {i} {factor}");
    }
    let constraint = Constraint { terms: form.to_vec(), sense, right };
    (format!("{{ lin {}{text} }} -1", multipliers.len()), Fact { constraint, assumptions, cutoffs })
}

/// A derivation that grows by the steps that the checker accepts.
struct Run<'w> {
    world: &'w World,
    solution: Option<Vec<Rational>>,
    facts: Vec<Fact>,
    steps: Vec<String>,
    count: Count,
}

#[derive(Default, Debug)]
struct Count {
    /// asm, lin, rnd, uns, sol.
    accepted: [usize; 5],
    refused: usize,
    proven: usize,
}

impl Run<'_> {
    /// Offers a step; if the checker takes it, it must be true.
    fn offer(&mut self, (rule, fact): (String, Fact)) -> bool {
        let world = self.world;
        self.steps.push(format!("{} {rule}", fact.constraint.text()));
        let text = || format!("{}\n{}{}", world.model, world.header, self.steps.join("\n"));
        if world.check("range -inf inf", self.solution.as_ref(), &self.steps).is_err() {
            self.steps.pop();
            self.count.refused += 1;
            return false;
        }
        let names = ["asm", "lin", "rnd", "uns", "sol"];
        self.count.accepted[names.iter().position(|name| rule.contains(name)).unwrap()] += 1;
        self.facts.push(fact);
        let fact = &self.facts[self.facts.len() - 1];
        let assumptions: Vec<&Constraint> = fact.assumptions.iter().map(|&i| &self.facts[i].constraint).collect();
        for point in &world.feasible {
            let concerned = assumptions.iter().all(|c| c.holds(point)) && fact.cutoffs.iter().all(|c| c.holds(point));
            assert!(!concerned || fact.constraint.holds(point), "false at {point:?}:\n{}", text());
        }
        // Could it end here? Then the claim must be true of every feasible point.
        let right = &fact.constraint.right;
        let whole = if world.maximise { right.floor() } else { right.ceil() };
        for bound in [right.clone(), Rational::from(whole), right + number(1), right - number(1), number(0)] {
            let claim = if world.maximise { format!("range -inf {bound}") } else { format!("range {bound} inf") };
            if world.check(&claim, self.solution.as_ref(), &self.steps).is_ok() {
                self.count.proven += 1;
                let beyond = |x: &Vec<Rational>| {
                    let value = world.value(x);
                    if world.maximise { value > bound } else { value < bound }
                };
                assert!(!world.feasible.iter().any(beyond), "{claim} is false: {}", text());
            }
        }
        if world.check("infeas", None, &self.steps).is_ok() {
            self.count.proven += 1;
            assert!(world.feasible.is_empty(), "feasible, but {}", text());
        }
        true
    }

    /// A branching on some form: both sides bound the same form, and meet. Sometimes the sides leave a gap, or the
    /// form takes other values than whole ones.
    fn branch(&mut self, random: &mut Random) {
        let terms: Vec<Rational> = match random.below(4) {
            0 => (0..VARIABLES).map(|_| number(random.whole(-1, 1))).collect(),
            1 => (0..VARIABLES).map(|j| number(i64::from(j < 2)) / number(2)).collect(),
            _ => {
                let only = random.below(VARIABLES as u64) as usize;
                (0..VARIABLES).map(|j| number(i64::from(j == only))).collect()
            }
        };
        let below = number(random.whole(-2, 4)) / number(if random.below(4) == 0 { 2 } else { 1 });
        let above = &below + number(if random.below(4) == 0 { 2 } else { 1 });
        let form = if random.below(2) == 0 {
            self.world.objective.clone()
        } else {
            (0..VARIABLES).map(|_| number(random.whole(-1, 1))).collect()
        };
        let sense = *random.pick(&[-1, 1]);
        let mut sides = vec![];
        for (side, right) in [(-1, below), (1, above)] {
            let assumed = self.facts.len();
            let constraint = Constraint { terms: terms.clone(), sense: side, right };
            let fact = Fact { constraint, assumptions: BTreeSet::from([assumed]), cutoffs: vec![] };
            if !self.offer(("{ asm } -1".to_owned(), fact)) {
                return;
            }
            // The tightest of some.
            let tries = (0..30).map(|_| lean(random, self.world, &self.facts, &form, sense, assumed));
            let tightest = tries.min_by_key(|(_, fact)| &fact.constraint.right * number(-sense));
            if !tightest.is_some_and(|step| self.offer(step)) {
                return;
            }
            sides.push((self.facts.len() - 1, assumed));
        }
        let ((i1, l1), (i2, l2)) = (sides[0], sides[1]);
        let (first, second) = (self.facts[i1].clone(), self.facts[i2].clone());
        let (a, b) = (first.constraint.right, second.constraint.right);
        let right = if sense < 0 { a.max(b) } else { a.min(b) };
        let mut assumptions: BTreeSet<usize> = first.assumptions.into_iter().filter(|i| *i != l1).collect();
        assumptions.extend(second.assumptions.into_iter().filter(|i| *i != l2));
        let cutoffs = [first.cutoffs, second.cutoffs].concat();
        let fact = Fact { constraint: Constraint { terms: form, sense, right }, assumptions, cutoffs };
        self.offer((format!("{{ uns {i1} {l1} {i2} {l2} }} -1"), fact));
    }

    /// A contradiction, or nearly one, with a cutoff.
    fn cut_off(&mut self, random: &mut Random) {
        let sense = if self.world.maximise { 1 } else { -1 };
        let best = self.solution.as_ref().map_or(Rational::ZERO, |x| self.world.value(x));
        let right = best + number(random.whole(-2, 2)) / number(2);
        let constraint = Constraint { terms: self.world.objective.clone(), sense, right };
        let fact = Fact { constraint: constraint.clone(), assumptions: BTreeSet::new(), cutoffs: vec![constraint] };
        let at = self.facts.len();
        if self.offer(("{ sol } -1".to_owned(), fact)) {
            let nothing = vec![Rational::ZERO; VARIABLES];
            let sense = *random.pick(&[-1, 1]);
            self.offer(lean(random, self.world, &self.facts, &nothing, sense, at));
        }
    }
}

#[test]
fn whatever_passes_holds() {
    let mut count = Count::default();
    for seed in 1..=80u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let world = World::new(&mut random);
        let none = random.below(4) == 0 || world.feasible.is_empty();
        let best = |x: &&Vec<Rational>| if world.maximise { -world.value(x) } else { world.value(x) };
        let solution = if none { None } else { world.feasible.iter().min_by_key(best).cloned() };
        let given = world.given.iter().cloned();
        let facts =
            given.map(|constraint| Fact { constraint, assumptions: BTreeSet::new(), cutoffs: vec![] }).collect();
        let mut run = Run { world: &world, solution, facts, steps: vec![], count };
        for _ in 0..30 {
            match random.below(4) {
                0 => run.branch(&mut random),
                1 => run.cut_off(&mut random),
                _ => {
                    let step = step(&mut random, &world, &run.facts);
                    run.offer(step);
                }
            }
        }
        count = run.count;
    }
    println!("{count:?}");
    assert!(
        count.accepted.iter().all(|&accepted| accepted > 50) && count.refused > 500 && count.proven > 50,
        "{count:?}"
    );
}

/// Sums beyond 64 and 128 bits: the fast path for short whole numbers leaves them to the exact one.
#[test]
fn long_sums() {
    // Three times (9e18)^2 is above 2^127.
    let most = "9000000000000000000";
    let model = format!(
        "min\n x\nst\n a: {most} x + {most} y >= {most}\n b: {most} x - {most} y >= {most}\n c: {most} x >= {most}\n\
         bounds\n x <= 5\n y <= 5\nend\n"
    );
    let certificate = |right: &str| {
        format!(
            "VER 1.0\nVAR 2\nx\ny\nINT 0\nOBJ min\n1 0 1\nCON 7 4\nlx G 0 1 0 1\nly G 0 1 1 1\nux L 5 1 0 1\nuy L 5 1 1 1\n\
             a G {most} 2 0 {most} 1 {most}\nb G {most} 2 0 {most} 1 -{most}\nc G {most} 1 0 {most}\n\
             RTP range 1 inf\nSOL 0\nDER 2\n\
             d G {right} 1 0 {right} {{ lin 3 4 {most} 5 {most} 6 {most} }} 8\n\
             e G 1 1 0 1 {{ lin 1 7 1/{right} }} -1\n"
        )
    };
    let triple = "243000000000000000000000000000000000000";
    assert_eq!(run(&model, &certificate(triple)).map(|report| report.derivations).unwrap(), 2);
    // Wrapped to 128 bits, off by one, and of 19 digits.
    for right in ["97282366920938463463374607431768211456", "243000000000000000000000000000000000001", most] {
        assert!(run(&model, &certificate(right)).is_err_and(|error: Error| error.is_refutation()), "{right}");
    }
}
