//! What people study of the search, set at run time: see [`Parameters`].

budget::words! {
    /// Which column of a node is branched on.
    pub enum Branching {
        /// Mean gains by column that strong branching has made reliable; where gains tell nothing, what propagation deduces
        /// and recent conflicts.
        Reliability = "reliability",
        /// The same without strong branching: gains as they come.
        PseudoCost = "pseudo-cost",
        /// The column farthest from a whole number.
        MostFractional = "most-fractional",
    }
}

budget::words! {
    /// Which open node is next once a plunge has ended.
    pub enum NodeOrder {
        /// That of least bound.
        BestBound = "best-bound",
        /// The deepest. Where the tree may be infinite the least bound goes first all the same.
        DepthFirst = "depth-first",
    }
}

budget::parameters! {
    /// Parameters of branch and bound: how it searches, never what it may claim.
    ///
    /// ```
    /// use milp::{Model, Options, Parameters, Quiet, Status, VarKind};
    ///
    /// let mut model = Model::new("pairs");
    /// let x: Vec<_> = (0..5).map(|j| model.add_var(format!("x{j}"), 0.0, 1.0, -1.0, VarKind::Integer)).collect();
    /// for pair in x.windows(2) {
    ///     model.add_row("", f64::NEG_INFINITY, 1.0, pair.iter().map(|&var| (var, 1.0)));
    /// }
    /// let mut options = Options::default();
    /// options.parameters.dives = false;
    /// options.parameters.branching = milp::Branching::MostFractional;
    /// let outcome = milp::solve(&model, &options, &mut Quiet)?;
    /// assert_eq!((outcome.status, outcome.objective), (Status::Optimal, Some(-3.0)));
    /// # Ok::<(), milp::Error>(())
    /// ```
    pub struct Parameters = "milp" {
        /// Whether models are reduced before they are solved (not under a certificate).
        presolve: bool = true;
        /// Entries that presolve may visit, for each non-zero, row and column of the model.
        presolve_work: usize = 40, 0..=1_000_000;
        /// Entries of a row, and of its columns, up to which presolve looks for bounds that other rows imply.
        implying_entries: usize = 60, 0..=1_000_000;
        /// Entries that eliminations among equations of whole numbers may visit, for each non-zero and row.
        elimination_work: usize = 40, 0..=1_000_000;
        /// Which column of a node is branched on.
        branching: Branching = Branching::Reliability;
        /// Observations in each direction from which on the mean gain of a column is believed without strong branching.
        reliable: u32 = 6, 0..=1_000_000;
        /// Strong branching at a node ends after this many candidates in a row without a better one.
        lookahead: u32 = 8, 1..=1_000_000;
        /// Simplex iterations of one probe of strong branching.
        probe_iterations: u64 = 60, 1..=1_000_000_000;
        /// Simplex iterations that probes may take in any case.
        free_probe_iterations: u64 = 10_000, 0..=1_000_000_000_000;
        /// Simplex iterations that probes may take beside, as a share of all others.
        probe_share: f64 = 0.5, 0.0..=1000.0;
        /// Weight of what propagation deduces from a branching, beside 1 for the gain.
        deduction_weight: f64 = 0.1, 0.0..=1000.0;
        /// What is added to that weight where gains tell nothing.
        silent_deduction_weight: f64 = 0.9, 0.0..=1000.0;
        /// Weight of the share of empty children, beside 1 for the gain.
        empty_weight: f64 = 0.1, 0.0..=1000.0;
        /// Weight of recent conflicts where gains tell nothing.
        silent_activity_weight: f64 = 3.0, 0.0..=1000.0;
        /// A gain tells something if it is more than this share of the mean one.
        telling_share: f64 = 0.01, 0.0..=1.0;
        /// What the weight of a conflict is multiplied by at each later one.
        activity_decay: f64 = 0.99, 0.5..=1.0;
        /// Which open node is next once a plunge has ended.
        node_order: NodeOrder = NodeOrder::BestBound;
        /// Nodes of one plunge where the tree may be infinite, beside two for every whole column.
        fair_plunge: usize = 40, 1..=1_000_000_000;
        /// Searches that share a tree once it is large, each with subtrees of its own; 1 for one search to the end.
        subtrees: usize = 4, 1..=1024;
        /// Work on a tree (some nanoseconds a unit) before it is shared.
        alone_work: u64 = 20_000_000, 0..=1_000_000_000_000_000;
        /// Work of one of these searches between two exchanges, as a share of all work on the tree so far.
        round_share: f64 = 0.02, 0.0..=1.0;
        /// That work at most.
        round_work: u64 = 50_000_000, 0..=1_000_000_000_000_000;
        /// And at least what so many nodes have taken on the mean.
        round_nodes: u64 = 4, 0..=1_000_000_000;
        /// Whether the solution of the root's relaxation is rounded with propagation.
        rounding: bool = true;
        /// Whether to dive: to round one column after the other and solve again.
        dives: bool = true;
        /// Relaxations of one dive, at most.
        dive_length: usize = 200, 1..=1_000_000_000;
        /// Nodes between two dives from the tree.
        dive_distance: u64 = 50, 1..=1_000_000_000_000;
        /// Dives wait until there are this many simplex iterations for each of theirs.
        dive_iterations: u64 = 20, 0..=1_000_000;
        /// Whether bounds are deduced from reduced costs.
        reduced_costs: bool = true;
        /// Rounds of cuts at the root, at most; 0 for no cuts.
        cut_rounds: usize = 50, 0..=1_000_000;
        /// Whether rows, and sums of rows, are cut by mixed-integer rounding.
        mir: bool = true;
        /// Whether tableau rows are (Gomory's mixed-integer cuts).
        gomory: bool = true;
        /// Whether halves of sums of whole rows are.
        zero_half: bool = true;
        /// Whether covers of knapsack rows give cuts.
        covers: bool = true;
        /// Rows that are summed up for one cut, at most.
        aggregated_rows: usize = 6, 1..=1000;
        /// Divisors of a row that are tried for mixed-integer rounding, at most.
        mir_divisors: usize = 10, 1..=100;
        /// Cuts of one round, at most.
        cuts_in_a_round: usize = 200, 1..=1_000_000;
        /// Entries of a cut, at most, beside a fifth of the columns.
        cut_entries: usize = 100, 1..=100_000_000;
        /// Entries that sums of rows may take in one round, in units of those of all rows.
        cut_work: usize = 50, 1..=1_000_000;
        /// Largest cosine of the angle between two cuts of a round.
        cut_parallel: f64 = 0.5, 0.0..=1.0;
        /// Distance of the point from a cut, in units of the norm of its coefficients, below which the cut is not worth a row.
        cut_efficacy: f64 = 0.0001, 0.000001..=1.0;
        /// Cuts that are compared with those taken in a round, for each that may be.
        cuts_considered: usize = 20, 1..=1_000_000;
        /// Rows that tie a continuous column to a whole one and are kept for cuts: those nearest to the point.
        cut_nearest_rows: usize = 8, 0..=1_000_000;
        /// Share of all that cuts have gained up to which the gain of a round is none.
        cut_round_gain: f64 = 0.01, 0.0..=1.0;
        /// Rounds in a row without gain that end them.
        cut_stalled_rounds: usize = 4, 1..=1_000_000;
        /// Rounds in a row for which a cut may be slack before it is taken out.
        cut_age: u32 = 3, 1..=1_000_000;
        /// Share of the bound's size (from 1 on) that cuts must gain altogether to stay in the relaxation.
        cut_gain: f64 = 0.00001, 0.0..=1.0;
        /// Simplex iterations that rounds of cuts may take in any case; none begins beyond that.
        free_cut_iterations: u64 = 2000, 0..=1_000_000_000_000;
        /// Simplex iterations that rounds of cuts may take beside, for each of the first relaxation.
        cut_iterations: u64 = 5, 0..=1_000_000;
        /// Rows learned from closed nodes that are kept; beyond that those with the least news are forgotten.
        learned_rows: usize = 4000, 0..=100_000_000;
        /// Entries of a learned row, at most, beside a fifth of the whole columns.
        learned_entries: usize = 40, 0..=100_000_000;
        /// Nodes of one alternative of a disjunction before the next has its turn.
        turn_nodes: u64 = 100, 1..=1_000_000_000_000;
        /// Nodes of the search for a point within tolerance where none satisfies a model exactly, beside a quarter of those that showed it.
        tolerance_nodes: u64 = 100, 0..=1_000_000_000_000;
        /// Nodes of one test of the search for an irreducible infeasible subsystem, at most; twice those that showed the model infeasible, if
        /// that is more.
        iis_nodes: u64 = 1000, 0..=1_000_000_000_000;
        /// Work of one test of the search for an irreducible infeasible subsystem, at most, in entries of rows, columns and factors that are visited
        /// (some nanoseconds each); twice the simplex iterations that showed the model infeasible times its entries, if that is more.
        iis_work: u64 = 4_000_000_000, 0..=1_000_000_000_000_000;
    }
}
