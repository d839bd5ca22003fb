//! Line and bar charts as SVG. Colours and fonts are classes of the page's style, so that they follow light and dark.

use super::text::number;
use maud::{Markup, html};

/// Pixels of the drawing, and of what surrounds the data.
const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = WIDTH - 14.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = HEIGHT - 36.0;

/// A tick this close beyond an end of an axis, in steps, stands at the end: quotients of floats are off by less, and a picture shows less.
const NEARLY: f64 = 1e-9;

/// What an axis shows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub label: &'static str,
    pub low: f64,
    pub high: f64,
    /// Powers of ten at equal distances.
    pub is_log: bool,
}

impl Axis {
    /// The range of some numbers; those that are not finite do not count.
    pub fn of(label: &'static str, values: impl IntoIterator<Item = f64>) -> Self {
        let mut range = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            range = (range.0.min(value), range.1.max(value));
        }
        let (low, high) = match range {
            (low, high) if low < high => (low, high),
            (low, high) if low == high => (low - 0.5, high + 0.5),
            _ => (0.0, 1.0),
        };
        Self { label, low, high, is_log: false }
    }

    /// From 0 on.
    pub fn from_zero(label: &'static str, values: impl IntoIterator<Item = f64>) -> Self {
        let top = values.into_iter().filter(|value| value.is_finite()).fold(0.0, f64::max);
        Self { label, low: 0.0, high: if top > 0.0 { top } else { 1.0 }, is_log: false }
    }

    /// The same axis with some room at both ends.
    pub fn padded(self) -> Self {
        let room = 0.04 * (self.high - self.low);
        Self { low: self.low - room, high: self.high + room, ..self }
    }

    /// By powers of ten, from 1 on, if the range is wide.
    pub fn log_if_wide(self) -> Self {
        let is_log = self.high > 1000.0;
        Self { low: if is_log { 1.0 } else { self.low }, is_log, ..self }
    }

    fn part(&self, value: f64) -> f64 {
        if self.is_log {
            return (value.max(self.low).ln() - self.low.ln()) / (self.high.ln() - self.low.ln());
        }
        (value - self.low) / (self.high - self.low)
    }

    /// Round numbers within the range, about `count` of them.
    pub fn ticks(&self, count: f64) -> Vec<f64> {
        if self.is_log {
            let most = self.high.log10().floor();
            let step = (most / count).ceil().max(1.0);
            return (0..=most as i32).step_by(step as usize).map(|power| 10_f64.powi(power)).collect();
        }
        let raw = (self.high - self.low) / count;
        let power = 10_f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|k| k * power).into_iter().find(|step| *step >= raw).unwrap_or(raw);
        let (from, to) = ((self.low / step - NEARLY).ceil() as i64, (self.high / step + NEARLY).floor() as i64);
        (from..=to).map(|k| k as f64 * step).collect()
    }
}

fn x(axis: &Axis, value: f64) -> f64 {
    LEFT + axis.part(value) * (RIGHT - LEFT)
}

fn y(axis: &Axis, value: f64) -> f64 {
    BOTTOM - axis.part(value) * (BOTTOM - TOP)
}

/// A line through the moments of a run.
pub(super) struct Line {
    /// Number of its colour.
    pub colour: usize,
    pub is_dashed: bool,
    /// Whether a value holds until the next.
    pub is_step: bool,
    /// In order; a gap where there is none.
    pub points: Vec<(f64, Option<f64>)>,
}

/// Lines over an axis that `column` of the table behind the picture holds.
pub(super) fn lines(axes: (&Axis, &Axis), all: &[Line], column: usize, class: &str, about: &str) -> Markup {
    let (across, up) = axes;
    html! {
        svg class=(format!("chart {class}")) viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(about)
            data-x0=(across.low) data-x1=(across.high) data-left=(LEFT) data-right=(RIGHT) data-axis=(column) {
            (frame(across, up))
            @for line in all {
                path class=(format!("drawn s{}{}", line.colour, if line.is_dashed { " dashed" } else { "" }))
                    d=(path(across, up, line)) {}
            }
        }
    }
}

fn path(across: &Axis, up: &Axis, line: &Line) -> String {
    let mut d = String::new();
    let mut last: Option<f64> = None;
    for (at, value) in &line.points {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            last = None;
            continue;
        };
        let (px, py) = (x(across, *at), y(up, value));
        d += &match last {
            None => format!("M{px:.1} {py:.1}"),
            Some(_) if line.is_step => format!("H{px:.1}V{py:.1}"),
            Some(_) => format!("L{px:.1} {py:.1}"),
        };
        last = Some(py);
    }
    // A moment alone would not be seen.
    if last.is_some() {
        d += "h1";
    }
    d
}

/// What is drawn on a plane, in its units.
pub(super) enum Overlay {
    /// A polygon.
    Area { class: String, corners: Vec<[f64; 2]> },
    /// A line, with its name on the side of a place.
    Line { ends: [[f64; 2]; 2], firing: [f64; 2], name: String },
    /// Lines from one place to others.
    Star { from: [f64; 2], to: Vec<[f64; 2]> },
    /// A point, with a ring if it is marked.
    Point { place: [f64; 2], class: String, is_marked: bool, about: String },
}

/// A plane with what lies on it, the first below the others.
pub(super) fn plane(axes: (&Axis, &Axis), names: [&str; 2], all: &[Overlay], about: &str) -> Markup {
    let (across, up) = axes;
    let at = |[px, py]: [f64; 2]| (x(across, px), y(up, py));
    let corners = |corners: &[[f64; 2]]| {
        let pairs = corners.iter().map(|corner| at(*corner)).map(|(px, py)| format!("{px:.1},{py:.1}"));
        pairs.collect::<Vec<_>>().join(" ")
    };
    let path = |from: [f64; 2], to: [f64; 2]| {
        let ((x1, y1), (x2, y2)) = (at(from), at(to));
        format!("M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}")
    };
    html! {
        svg class="chart" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(about) {
            (frame(&Axis { label: "", ..across.clone() }, &Axis { label: "", ..up.clone() }))
            text class="title" x=((LEFT + RIGHT) / 2.0) y=(HEIGHT - 4.0) text-anchor="middle" { (names[0]) }
            text class="title" x="12" y=((TOP + BOTTOM) / 2.0) text-anchor="middle"
                transform=(format!("rotate(-90 12 {})", (TOP + BOTTOM) / 2.0)) { (names[1]) }
            @for overlay in all {
                @match overlay {
                    Overlay::Area { class, corners: all } => polygon class=(class) points=(corners(all)) {},
                    Overlay::Line { ends, firing, name } => {
                        path class="neuron" d=(path(ends[0], ends[1])) {}
                        @let (px, py) = beside(ends.map(at), at(*firing));
                        text class="title" x=(place(px)) y=(place(py + 4.0)) text-anchor="middle" { (name) }
                    },
                    Overlay::Star { from, to } => @for to in to { path class="core" d=(path(*from, *to)) {} },
                    Overlay::Point { place: own, class, is_marked, about } => g {
                        title { (about) }
                        @let (px, py) = at(*own);
                        circle class=(class) cx=(place(px)) cy=(place(py)) r="3" {}
                        @if *is_marked { circle class="wrong" cx=(place(px)) cy=(place(py)) r="6" {} }
                    },
                }
            }
        }
    }
}

/// A place beside a line near its left end, on the side of another, all in pixels.
fn beside(mut ends: [(f64, f64); 2], other: (f64, f64)) -> (f64, f64) {
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let [from, to] = ends;
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(1.0);
    let at = (from.0 + 40.0_f64.min(length / 2.0) * dx / length, from.1 + 40.0_f64.min(length / 2.0) * dy / length);
    let across = (-dy / length, dx / length);
    let side = (across.0 * (other.0 - at.0) + across.1 * (other.1 - at.1)).signum();
    (at.0 + 12.0 * side * across.0, at.1 + 12.0 * side * across.1)
}

/// Grid, numbers and labels.
fn frame(across: &Axis, up: &Axis) -> Markup {
    html! {
        @for tick in up.ticks(5.0) {
            line class="grid" x1=(LEFT) x2=(RIGHT) y1=(place(y(up, tick))) y2=(place(y(up, tick))) {}
            text x=(LEFT - 6.0) y=(place(y(up, tick) + 4.0)) text-anchor="end" { (short(tick)) }
        }
        @for tick in across.ticks(6.0) {
            text x=(place(x(across, tick))) y=(BOTTOM + 15.0) text-anchor="middle" { (short(tick)) }
        }
        text class="title" x=((LEFT + RIGHT) / 2.0) y=(HEIGHT - 4.0) text-anchor="middle" { (across.label) }
        text class="title" x="12" y=((TOP + BOTTOM) / 2.0) text-anchor="middle"
            transform=(format!("rotate(-90 12 {})", (TOP + BOTTOM) / 2.0)) { (up.label) }
    }
}

/// A number at an axis: large ones by their powers of ten.
fn short(tick: f64) -> String {
    if tick.abs() >= 1e5 && tick.is_finite() { format!("{tick:e}") } else { number(tick) }
}

fn place(pixels: f64) -> String {
    format!("{pixels:.1}")
}

/// A bar from `from` to `to`, of parts on top of each other: class of the colour, and height.
pub(super) struct Bar {
    pub from: f64,
    pub to: f64,
    pub parts: Vec<(&'static str, f64)>,
    /// What the pointer is told.
    pub about: String,
}

/// Bars side by side.
pub(super) fn bars(axes: (&Axis, &Axis), all: &[Bar], about: &str) -> Markup {
    let (across, up) = axes;
    html! {
        svg class="chart" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(about) {
            (frame(across, up))
            @for bar in all {
                g {
                    title { (bar.about) }
                    @for (class, low, high) in stacked(bar) {
                        rect class=(class) x=(place(x(across, bar.from) + 0.5)) y=(place(y(up, high)))
                            width=(place((x(across, bar.to) - x(across, bar.from) - 1.0).max(0.8)))
                            height=(place((y(up, low) - y(up, high)).max(0.0))) {}
                    }
                }
            }
        }
    }
}

fn stacked(bar: &Bar) -> Vec<(&'static str, f64, f64)> {
    let mut low = 0.0;
    let parts = bar.parts.iter().filter(|(_, height)| *height > 0.0);
    parts
        .map(|(class, height)| {
            low += height;
            (*class, low - height, low)
        })
        .collect()
}

/// What colours mean: class of the sample and word.
pub(super) fn legend(words: &[(String, &str)]) -> Markup {
    html! {
        div class="legend" {
            @for (class, word) in words {
                span {
                    svg class="sample" viewBox="0 0 10 10" aria-hidden="true" { rect class=(class) x="1" y="1" width="8" height="8" {} }
                    (word)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        let axis = Axis::of("", [0.3, 7.9, f64::NAN]);
        assert_eq!(axis.ticks(5.0), [2.0, 4.0, 6.0]);
        assert_eq!(Axis::of("", [5.0]).ticks(5.0), [4.6, 4.8, 5.0, 5.2, 5.4].map(|t: f64| (t / 0.2).round() * 0.2));
        assert_eq!(Axis::of("", []).ticks(2.0), [0.0, 0.5, 1.0]);
        assert_eq!(Axis::from_zero("", [5e4]).log_if_wide().ticks(5.0), [1.0, 10.0, 100.0, 1e3, 1e4]);
        assert_eq!(Axis::from_zero("", [2e12]).log_if_wide().ticks(5.0), [1.0, 1e3, 1e6, 1e9, 1e12]);
    }

    #[test]
    fn large_ticks_are_short() {
        assert_eq!([0.25, 20_000.0, 100_000.0, -2_500_000.0].map(short), ["0.25", "20000", "1e5", "-2.5e6"]);
    }

    #[test]
    fn steps_hold_until_the_next_value() {
        let axis = Axis { label: "", low: 0.0, high: 1.0, is_log: false };
        let points = vec![(0.0, None), (0.5, Some(0.0)), (1.0, Some(1.0))];
        let line = Line { colour: 0, is_dashed: false, is_step: true, points };
        assert_eq!(path(&axis, &axis, &line), format!("M304.0 {BOTTOM:.1}H546.0V{TOP:.1}h1"));
    }
}
