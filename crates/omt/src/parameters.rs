//! What people study of the conflict-driven searches, set at run time: see [`Parameters`].

budget::parameters! {
    /// Parameters of the search over activation patterns: how it searches, never what it may claim.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct Parameters = "omt" {
        /// What activities of variables are multiplied by at each conflict.
        activity_decay: f64 = 0.95, 0.5..=0.9999;
        /// Weight of a new glue in the short average.
        glue_fast: f64 = 0.03125, 0.000001..=1.0;
        /// Weight of a new glue in the long average.
        glue_slow: f64 = 0.0001220703125, 0.0000001..=1.0;
        /// A restart is due when the short average of glue exceeds the long one by this factor.
        restart_margin: f64 = 1.15, 0.0..=1000.0;
        /// Least conflicts between restarts.
        restart_interval: u64 = 8, 1..=1_000_000_000;
        /// Learned clauses of at most this glue are kept for good.
        glue_kept: u32 = 2, 0..=1_000_000;
        /// Conflicts before clauses are deleted for the first time.
        reduce_first: u64 = 2000, 100..=1_000_000_000_000;
        /// By how many conflicts the time to the next deletion grows at each.
        reduce_growth: u64 = 400, 1..=1_000_000_000_000;
        /// Whether nodes are bounded by looking ahead.
        look_ahead: bool = true;
        /// Conflicts that a node closed by looking ahead may cost.
        look_ahead_worth: f64 = 4.0, 0.0..=1_000_000.0;
        /// Share of successes below which look-aheads become rarer.
        look_ahead_poor: f64 = 0.15, 0.0..=1.0;
        /// Share of successes above which look-aheads become more frequent.
        look_ahead_rich: f64 = 0.3, 0.0..=1.0;
        /// Nodes between two look-aheads that gap and work speak against, at least.
        look_ahead_wait: u64 = 64, 0..=65_536;
        /// Weight of a look-ahead in the moving averages of what look-aheads come to.
        look_ahead_weight: f64 = 0.0078125, 0.000001..=1.0;
        /// By how much the gap that is looked at grows or shrinks after each, in standard deviations of what look-aheads prove.
        look_ahead_step: f64 = 0.01, 0.0..=1.0;
        /// Whether cores raise the lower bound.
        cores: bool = true;
        /// Conflicts of one attempt to make a core smaller.
        trim_conflicts: u64 = 200, 0..=1_000_000_000;
        /// Whether cells of the first layer are searched where there are few.
        cells: bool = true;
        /// Cells that are evaluated in the time of a conflict.
        cell_evaluations: u64 = 1000, 1..=1_000_000_000;
        /// Words of a list of cells (64 points of a cell each) up to which they are searched.
        cell_words: usize = 4_000_000, 0..=8_000_000;
        /// Words of such a list up to which that begins with the first round.
        early_cell_words: usize = 50_000, 0..=8_000_000;
        /// Whether the dual tree searches cells of weight space where dimensions are few.
        dual: bool = true;
        /// Whether disjoint samples of the data, the blocks, give lower bounds.
        samples: bool = true;
        /// Conflicts that the refutation of one more error in a block may take at first.
        sample_conflicts: u64 = 2000, 1..=1_000_000_000_000;
        /// Factor of these conflicts where no block has a refutation that they suffice for.
        sample_growth: u64 = 2, 2..=1_000_000;
        /// Points of a block at first, for each weight of the first hidden layer.
        block_points: usize = 4, 1..=1_000_000;
        /// Blocks of which one is dealt to the others once half of them are at their optimum.
        blocks_together: usize = 6, 2..=1_000_000;
        /// Blocks that have their turns at one time: what these prove is known before others begin.
        blocks_at_once: usize = 4, 1..=1_000_000;
        /// Time of blocks for each unit of the cases' while theirs is the larger bound.
        lead: u64 = 3, 1..=1_000_000;
        /// Conflicts of a case in the first round, less with many cases; each round allows half as many more.
        first_round: u64 = 500, 1..=100_000;
        /// Conflicts of a case in the first round, at least.
        least_round: u64 = 20, 1..=100_000;
        /// Conflicts of all cases in a round, times the coordinates of the data, beyond which rounds grow no longer.
        longest_round: u64 = 67_108_864, 1..=1_000_000_000_000_000_000;
        /// Rounds after which the values tried last are forgotten.
        fresh_phases: u64 = 2, 1..=1_000_000_000;
        /// Conflicts after which a case is split in two.
        split_after: u64 = 8000, 0..=1_000_000_000_000;
        /// Open cases up to which those that take long are split.
        open_cases: usize = 8, 0..=1000;
        /// Variables tried for a split, those of highest activity.
        split_candidates: usize = 24, 1..=1_000_000;
        /// Sets of features up to which something is learned on each before they are searched one by one.
        learned_sets: usize = 1000, 0..=1_000_000;
        /// Conflicts that a part is searched for before it is judged whether it is to be split into smaller ones.
        cube_probe: u64 = 100, 1..=1_000_000_000;
        /// What a part counts less with every split on the way to it, when the hardest one is sought.
        cube_depth: f64 = 0.75, 0.01..=1.0;
        /// Lemmas that a case passes on to the others after a round.
        exchanged: usize = 64, 0..=1_000_000_000;
        /// Multiplications of a companion that take as long as what a pivot does to an entry of its tableau, with all that leads to it.
        pivot_work: u64 = 4, 1..=1_000_000;
    }
}

budget::parameters! {
    /// Parameters of the turns that a companion has beside a search. Work between two turns is counted in quarters of what the last one took.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct TurnParameters = "turns" {
        /// Work before the first turn of a companion, in quarters of what its start took; it doubles with each turn in vain.
        first: u64 = 16, 1..=1_000_000_000;
        /// Work after a turn that found a better network, in quarters of that turn's.
        shortest: u64 = 1, 1..=1_000_000_000;
        /// Work between two turns at most, in quarters of the last one's.
        longest: u64 = 256, 1..=1_000_000_000;
    }
}
