//! The plane as a network sees it: an SVG of the decision regions of a model on two features, with the data on top.
//!
//!     cargo run --release -p heaviside-acceptance --example regions -- MODEL.json DATA.csv > regions.svg
//!
//! The first layer's neurons are lines; they cut the plane into convex cells, and within a cell nothing changes. So the
//! picture is exact: each cell is drawn as a polygon in the colour of the class its centre gets. A neuron's name stands on the side
//! of its line where it fires.

use bdnn::data::SampleOptions;
use bdnn::{Model, Sample};
use heaviside::study::{Plane, Window};
use std::error::Error;
use std::fmt::Write;
use std::path::Path;

type Point = [f64; 2];

/// Size of the drawing and of the margin that holds the axes, in pixels.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 420.0;
const MARGIN: f64 = 48.0;
/// Fills and strokes of the classes (Okabe and Ito's palette, told apart by colour-blind eyes).
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, data] = arguments.as_slice() else {
        return Err("usage: regions MODEL.json DATA.csv".into());
    };
    print!("{}", picture(Path::new(model), Path::new(data))?);
    Ok(())
}

/// The window on the plane, in raw units, and where it lands on the drawing.
struct View(Window);

impl View {
    fn pixel(&self, p: Point) -> Point {
        let part = [0, 1].map(|d| (p[d] - self.0.low[d]) / (self.0.high[d] - self.0.low[d]));
        [MARGIN + part[0] * (WIDTH - 2.0 * MARGIN), HEIGHT - MARGIN - part[1] * (HEIGHT - 2.0 * MARGIN)]
    }

    /// Round numbers along axis `d`, between four and ten of them.
    fn ticks(&self, d: usize) -> Vec<f64> {
        let range = self.0.high[d] - self.0.low[d];
        let power = 10_f64.powf((range / 4.0).log10().floor());
        let step = [5.0, 2.0, 1.0].map(|m| m * power).into_iter().find(|s| range / s >= 4.0).unwrap_or(power);
        let first = (self.0.low[d] / step).ceil() as i64;
        (first..).map(|i| i as f64 * step).take_while(|&t| t <= self.0.high[d]).collect()
    }
}

fn path(view: &View, polygon: &[Point]) -> String {
    let corners = polygon.iter().map(|&p| {
        let [x, y] = view.pixel(p);
        format!("{x:.1},{y:.1}")
    });
    corners.collect::<Vec<_>>().join(" ")
}

/// Where the name of a line stands: near its left end, on the side of `firing`.
fn label([from, to]: [Point; 2], firing: Point) -> Point {
    let along = [to[0] - from[0], to[1] - from[1]];
    let length = along[0].hypot(along[1]);
    let at = [0, 1].map(|d| from[d] + 60.0 * along[d] / length);
    let across = [-along[1] / length, along[0] / length];
    let side = (across[0] * (firing[0] - at[0]) + across[1] * (firing[1] - at[1])).signum();
    [0, 1].map(|d| at[d] + 13.0 * side * across[d])
}

/// The whole drawing.
fn picture(model: &Path, data: &Path) -> Result<String, Box<dyn Error>> {
    let model = Model::read(model)?;
    let sample = Sample::read(data, &model.schema, SampleOptions { labelled: true, ..SampleOptions::default() })?;
    let [_, _] = model.schema.features.as_slice() else {
        return Err("the model must have two features".into());
    };
    let network = model.exact();
    let points: Vec<Point> = sample.iter().map(|row| [row[0], row[1]]).collect();
    let labels = sample.labels.as_deref().unwrap_or_default();
    let view = View(Window::around(&points));
    let plane = Plane::new(&model.network, &model.scaler, view.0).ok_or("the first layer has too many neurons")?;

    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for cell in &plane.cells {
        let colour = COLOURS[cell.class % COLOURS.len()];
        let corners = path(&view, &cell.corners);
        writeln!(svg, "<polygon points=\"{corners}\" fill=\"{colour}\" fill-opacity=\"0.18\"/>")?;
    }
    for line in &plane.lines {
        let [[x1, y1], [x2, y2]] = line.ends.map(|end| view.pixel(end));
        writeln!(svg, "<path d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\" stroke=\"#444\" stroke-dasharray=\"5 3\"/>")?;
        let from_left = if x1 < x2 { [[x1, y1], [x2, y2]] } else { [[x2, y2], [x1, y1]] };
        let [x, y] = label(from_left, view.pixel(line.firing));
        writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#444\">h{}</text>",
            y + 4.0,
            line.neuron + 1
        )?;
    }
    // What is predicted wrongly comes last, so that no other dot hides it.
    let (wrong, right): (Vec<_>, Vec<_>) =
        points.iter().zip(labels).partition(|(point, label)| network.predict(&point[..]) != **label);
    for (&point, &label) in right.iter().chain(&wrong).copied() {
        let [x, y] = view.pixel(point);
        let colour = COLOURS[label % COLOURS.len()];
        writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.2\" fill=\"{colour}\" fill-opacity=\"0.75\"/>")?;
    }
    for (&point, _) in wrong {
        let [x, y] = view.pixel(point);
        writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"7\" fill=\"none\" stroke=\"black\"/>")?;
    }
    axes(&mut svg, &view, &model.schema.features)?;
    legend(&mut svg, &model.schema.classes)?;
    svg += "</svg>\n";
    Ok(svg)
}

/// Frame, ticks and names of the features.
fn axes(svg: &mut String, view: &View, features: &[String]) -> Result<(), std::fmt::Error> {
    let (right, bottom) = (WIDTH - MARGIN, HEIGHT - MARGIN);
    let (width, height) = (right - MARGIN, bottom - MARGIN);
    writeln!(
        svg,
        "<rect x=\"{MARGIN}\" y=\"{MARGIN}\" width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"#888\"/>"
    )?;
    for tick in view.ticks(0) {
        let [x, _] = view.pixel([tick, view.0.low[1]]);
        writeln!(svg, "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>", bottom + 16.0, short(tick))?;
    }
    for tick in view.ticks(1) {
        let [_, y] = view.pixel([view.0.low[0], tick]);
        writeln!(svg, "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>", MARGIN - 6.0, y + 4.0, short(tick))?;
    }
    let (middle_x, middle_y) = (WIDTH / 2.0, HEIGHT / 2.0);
    writeln!(
        svg,
        "<text x=\"{middle_x}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
        HEIGHT - 10.0,
        escape(&features[0])
    )?;
    let turn = format!("rotate(-90 14 {middle_y})");
    writeln!(
        svg,
        "<text x=\"14\" y=\"{middle_y}\" text-anchor=\"middle\" transform=\"{turn}\">{}</text>",
        escape(&features[1])
    )
}

/// Which colour is which class, above the frame.
fn legend(svg: &mut String, classes: &[String]) -> Result<(), std::fmt::Error> {
    let step = (WIDTH - 2.0 * MARGIN) / (classes.len() + 1) as f64;
    let at = |i: usize| MARGIN + step * i as f64;
    for (i, class) in classes.iter().enumerate() {
        let colour = COLOURS[i % COLOURS.len()];
        writeln!(svg, "<circle cx=\"{:.1}\" cy=\"26\" r=\"5\" fill=\"{colour}\"/>", at(i) + 6.0)?;
        writeln!(svg, "<text x=\"{:.1}\" y=\"30\">{}</text>", at(i) + 16.0, escape(class))?;
    }
    let last = at(classes.len());
    writeln!(svg, "<circle cx=\"{:.1}\" cy=\"26\" r=\"6\" fill=\"none\" stroke=\"black\"/>", last + 6.0)?;
    writeln!(svg, "<text x=\"{:.1}\" y=\"30\">predicted wrongly</text>", last + 18.0)
}

/// A tick without float dust.
fn short(tick: f64) -> String {
    let text = format!("{tick:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
