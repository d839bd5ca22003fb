//! Dichotomies in a binary tree by the sides of single points.

/// All dichotomies of a range of the list.
#[derive(Clone, Debug)]
pub(super) struct Node<const W: usize> {
    /// Points on which all of them fire.
    pub(super) ones: [u64; W],
    /// Points on which none of them fires.
    pub(super) zeros: [u64; W],
    /// Children; 0 (the root) for a leaf.
    pub(super) children: [u32; 2],
    /// The range.
    pub(super) first: u32,
    pub(super) last: u32,
}

/// Members looked at when a split is chosen: a sample that tells even splits from others.
const SAMPLE: usize = 64;

/// The tree over `list`, which is reordered; node 0 is the root. O(list * depth * W).
#[allow(clippy::cast_possible_truncation)]
pub(super) fn build<const W: usize>(list: &mut [[u64; W]]) -> Vec<Node<W>> {
    let mut nodes = Vec::with_capacity(2 * list.len());
    nodes.push(node(list, 0));
    let mut next = 0;
    while next < nodes.len() {
        let (first, last) = (nodes[next].first as usize, nodes[next].last as usize);
        if last > first {
            let members = &mut list[first..=last];
            let bit = most_balanced(members, &nodes[next]);
            let mut middle = 0;
            for k in 0..members.len() {
                if members[k][bit / 64] >> (bit % 64) & 1 == 1 {
                    members.swap(k, middle);
                    middle += 1;
                }
            }
            let left = nodes.len() as u32;
            let (yes, no) = members.split_at(middle);
            let children = [node(yes, first), node(no, first + middle)];
            nodes.extend(children);
            nodes[next].children = [left, left + 1];
        }
        next += 1;
    }
    nodes
}

#[allow(clippy::cast_possible_truncation)]
fn node<const W: usize>(members: &[[u64; W]], first: usize) -> Node<W> {
    let (mut ones, mut zeros) = ([u64::MAX; W], [u64::MAX; W]);
    for member in members {
        for w in 0..W {
            ones[w] &= member[w];
            zeros[w] &= !member[w];
        }
    }
    Node { ones, zeros, children: [0, 0], first: first as u32, last: (first + members.len() - 1) as u32 }
}

/// A point on which the members disagree, as evenly as a sample can tell.
fn most_balanced<const W: usize>(members: &[[u64; W]], node: &Node<W>) -> usize {
    let step = members.len().div_ceil(SAMPLE);
    let sample: Vec<&[u64; W]> = members.iter().step_by(step).collect();
    (0..64 * W)
        .filter(|&bit| (node.ones[bit / 64] | node.zeros[bit / 64]) >> (bit % 64) & 1 == 0)
        .max_by_key(|&bit| {
            let firing = sample.iter().filter(|member| member[bit / 64] >> (bit % 64) & 1 == 1).count();
            (firing.min(sample.len() - firing), std::cmp::Reverse(bit))
        })
        .unwrap_or(0)
}
