//! The best threshold of one weight vector.

use super::lattice::Lattice;
use crate::linear::Task;
use dashu::integer::IBig;

/// The neuron of one weight vector: its cost without the task's base, and where it fires.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub(crate) cost: u64,
    pub(crate) fires: Vec<bool>,
}

/// The cheapest dichotomy of these weights, exactly; of equals the one with the widest gap. `None` where margin or radius
/// allow none. Cost O(m log m) comparisons of whole numbers.
pub(crate) fn best(lattice: &Lattice, task: &Task, values: &[IBig], reach: &IBig) -> Option<Cut> {
    if !lattice.bias {
        return without_bias(lattice, task, values, reach);
    }
    let all = lattice.keeps_away();
    let mut order: Vec<usize> = (0..values.len()).filter(|&i| all || task.weight[i] > 0).collect();
    order.sort_by(|&a, &b| values[b].cmp(&values[a]));
    // From nothing fires, downwards.
    let price = |i: usize, fires: bool| if fires == task.wanted[i] { 0 } else { task.weight[i] };
    let mut cost: u64 = order.iter().map(|&i| price(i, false)).sum();
    let (mut least, mut firing, mut widest) = (cost, 0, None);
    let needed = reach * 2 + lattice.margin.clone().unwrap_or(IBig::ZERO);
    for (k, &i) in order.iter().enumerate() {
        cost = cost + price(i, true) - price(i, false);
        let gap = order.get(k + 1).map(|&next| &values[i] - &values[next]);
        // Resting is strict without a margin.
        let wide = gap.as_ref().is_none_or(|gap| *gap > needed || (lattice.margin.is_some() && *gap == needed));
        if wide
            && (cost < least || (cost == least && widest.as_ref().is_some_and(|widest| gap.as_ref() > Some(widest))))
        {
            (least, firing, widest) = (cost, k + 1, gap);
        }
    }
    let mut fires = vec![false; values.len()];
    order[..firing].iter().for_each(|&i| fires[i] = true);
    if !all {
        // Points that do not matter stand where the threshold puts them: below the last that fires they rest.
        let border = order[..firing].last().map(|&i| &values[i]);
        (0..values.len()).for_each(|i| fires[i] = border.is_some_and(|border| values[i] >= *border));
    }
    Some(Cut { cost: least, fires })
}

fn without_bias(lattice: &Lattice, task: &Task, values: &[IBig], reach: &IBig) -> Option<Cut> {
    let fires: Vec<bool> = values.iter().map(|value| *value >= IBig::ZERO).collect();
    let kept = |(value, fires): (&IBig, &bool)| match (fires, &lattice.margin) {
        (true, _) => value >= reach,
        (false, None) => value + reach < IBig::ZERO,
        (false, Some(margin)) => value + reach + margin <= IBig::ZERO,
    };
    let all_kept = values.iter().zip(&fires).all(kept);
    all_kept.then(|| Cut { cost: task.cost(|i| fires[i]), fires })
}
