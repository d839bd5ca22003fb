//! The plane as a network on two features sees it.
//!
//! The first layer's neurons are lines; they cut the plane into convex cells, and within a cell nothing changes. So the picture is exact but
//! for the places of corners: each cell has the class that its centre gets.

use bdnn::exact::ExactNetwork;
use bdnn::{Network, Scaler};

/// A place in the plane, in the units of the data.
type Place = [f64; 2];

/// Neurons of the first layer of which a picture is made; more cut the plane too small to be seen.
const MOST: usize = 60;
/// Room around the data, as a part of its range.
const ROOM: f64 = 0.06;

/// A rectangle of the plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The least of both features.
    pub low: Place,
    /// The largest.
    pub high: Place,
}

impl Window {
    /// The bounding box of some places, with room around it.
    ///
    /// ```
    /// let window = heaviside::study::Window::around(&[[0.0, 5.0], [50.0, 5.0]]);
    /// assert_eq!((window.low, window.high), ([-3.0, 4.5], [53.0, 5.5]));
    /// ```
    #[must_use]
    pub fn around(places: &[Place]) -> Self {
        let extreme = |d: usize, pick: fn(f64, f64) -> f64| places.iter().map(|p| p[d]).reduce(pick).unwrap_or(0.0);
        let (low, high) = ([0, 1].map(|d| extreme(d, f64::min)), [0, 1].map(|d| extreme(d, f64::max)));
        // All places on a line: a window needs a height.
        let room =
            [0, 1].map(|d| if high[d] > low[d] { ROOM * (high[d] - low[d]) } else { 0.1 * high[d].abs().max(1.0) });
        Self { low: [0, 1].map(|d| low[d] - room[d]), high: [0, 1].map(|d| high[d] + room[d]) }
    }

    fn corners(&self) -> Vec<Place> {
        vec![self.low, [self.high[0], self.low[1]], self.high, [self.low[0], self.high[1]]]
    }
}

/// A convex cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its corners, around it.
    pub corners: Vec<Place>,
    /// The class of all its places.
    pub class: usize,
}

/// The line where a neuron of the first layer turns over.
#[derive(Clone, Debug, PartialEq)]
pub struct NeuronLine {
    /// The neuron, from 0.
    pub neuron: usize,
    /// Where it enters and leaves the window.
    pub ends: [Place; 2],
    /// A place on the side where it fires.
    pub firing: Place,
}

/// What a network makes of a window.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// The window.
    pub window: Window,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// The lines within it.
    pub lines: Vec<NeuronLine>,
}

impl Plane {
    /// Cuts a window by the lines of `network`. `None` for other than two features, or for more than 60 neurons in the first layer. Takes time
    /// and memory of the square of their number.
    ///
    /// ```
    /// use heaviside::study::{Plane, Window};
    /// use heaviside::{Layer, Network, Scaler};
    ///
    /// let neuron = Layer { inputs: 2, outputs: 1, weights: vec![1.0, 0.0], biases: vec![-1.0] };
    /// let window = Window { low: [0.0, 0.0], high: [2.0, 2.0] };
    /// let plane = Plane::new(&Network { layers: vec![neuron] }, &Scaler::identity(2), window).expect("two features");
    /// assert_eq!(plane.cells.iter().map(|cell| cell.class).collect::<Vec<_>>(), [1, 0]);
    /// assert!(plane.lines[0].ends.iter().all(|end| end[0] == 1.0));
    /// ```
    #[must_use]
    pub fn new(network: &Network, scaler: &Scaler, window: Window) -> Option<Self> {
        let first = network.layers.first().filter(|first| first.inputs == 2 && first.outputs <= MOST)?;
        let exact = ExactNetwork::new(network, scaler);
        let value = |neuron: usize| {
            let (w, b) = (first.neuron(neuron), first.biases[neuron]);
            move |p: Place| w[0] * scaler.scale(0, p[0]) + w[1] * scaler.scale(1, p[1]) + b
        };
        let mut parts = vec![window.corners()];
        let mut lines = vec![];
        for neuron in 0..first.outputs {
            let line = value(neuron);
            parts = parts.iter().flat_map(|part| split(part, line)).filter(|part| part.len() > 2).collect();
            let sides = split(&window.corners(), line);
            let ends: Vec<Place> = sides[0].iter().filter(|p| sides[1].contains(p)).copied().collect();
            if let [from, to] = ends[..] {
                lines.push(NeuronLine { neuron, ends: [from, to], firing: centre(&sides[0]) });
            }
        }
        let class = |part: &[Place]| exact.predict(&centre(part));
        let cells = parts.into_iter().map(|corners| Cell { class: class(&corners), corners }).collect();
        Some(Self { window, cells, lines })
    }
}

/// The parts of a convex polygon where `value` (affine) is at least 0, and at most 0.
fn split(polygon: &[Place], value: impl Fn(Place) -> f64) -> [Vec<Place>; 2] {
    let mut parts = [vec![], vec![]];
    for (i, &p) in polygon.iter().enumerate() {
        let q = polygon[(i + 1) % polygon.len()];
        let (at_p, at_q) = (value(p), value(q));
        parts[usize::from(at_p < 0.0)].push(p);
        if (at_p < 0.0) != (at_q < 0.0) {
            let t = at_p / (at_p - at_q);
            let crossing = [0, 1].map(|d| p[d] + t * (q[d] - p[d]));
            parts[0].push(crossing);
            parts[1].push(crossing);
        }
    }
    // A line through a corner crosses both of its edges there.
    for part in &mut parts {
        part.dedup();
        if part.len() > 1 && part.first() == part.last() {
            part.pop();
        }
    }
    parts
}

fn centre(polygon: &[Place]) -> Place {
    let n = polygon.len() as f64;
    [0, 1].map(|d| polygon.iter().map(|p| p[d]).sum::<f64>() / n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::Layer;

    fn area(corners: &[Place]) -> f64 {
        let n = corners.len();
        let cross = |i: usize| corners[i][0] * corners[(i + 1) % n][1] - corners[(i + 1) % n][0] * corners[i][1];
        0.5 * (0..n).map(cross).sum::<f64>()
    }

    #[test]
    fn cells_cover_the_window_and_have_their_classes() {
        let hidden =
            Layer { inputs: 2, outputs: 3, weights: vec![1.0, 1.0, 1.0, -1.0, 0.0, 1.0], biases: vec![-1.0, 0.0, 9.0] };
        let output = Layer { inputs: 3, outputs: 1, weights: vec![1.0, 1.0, 0.0], biases: vec![-2.0] };
        let network = Network { layers: vec![hidden, output] };
        let scaler = Scaler::identity(2);
        let window = Window { low: [0.0, 0.0], high: [1.0, 1.0] };
        let plane = Plane::new(&network, &scaler, window).expect("two features");
        assert_eq!((plane.cells.len(), plane.lines.len()), (4, 2), "the third line is elsewhere");
        let sum: f64 = plane.cells.iter().map(|cell| area(&cell.corners)).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        let exact = ExactNetwork::new(&network, &scaler);
        let right = |cell: &Cell| cell.class == exact.predict(&centre(&cell.corners));
        assert!(plane.cells.iter().all(right) && plane.cells.iter().filter(|cell| cell.class == 1).count() == 1);
        for line in &plane.lines {
            let w = network.layers[0].neuron(line.neuron);
            assert!(w[0] * line.firing[0] + w[1] * line.firing[1] + network.layers[0].biases[line.neuron] > 0.0);
        }
        assert!(Plane::new(&Network { layers: vec![] }, &scaler, window).is_none());
    }
}
