//! A line of keys under the panels of a figure.

use plotters::coord::Shift;
use plotters::prelude::*;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Pixels between keys, of a sample, and of a letter.
const GAP: i32 = 22;
const SAMPLE: i32 = 24;
const LETTER: i32 = 6;
/// Height of the strip.
pub const HEIGHT: u32 = 30;

/// How a key's sample looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    Solid,
    Dashed,
}

/// Draws the keys side by side.
pub fn draw(area: &Area<'_>, keys: &[(String, RGBColor, Stroke)]) -> Result<(), Box<dyn std::error::Error>> {
    let (mut x, y) = (14, HEIGHT as i32 / 2);
    for (text, colour, stroke) in keys {
        match stroke {
            Stroke::Solid => area.draw(&PathElement::new(vec![(x, y), (x + SAMPLE, y)], colour.stroke_width(2)))?,
            Stroke::Dashed => {
                for from in (x..x + SAMPLE).step_by(9) {
                    area.draw(&PathElement::new(vec![(from, y), (from + 5, y)], colour.stroke_width(1)))?;
                }
            }
        }
        area.draw_text(text, &("sans-serif", 12).into_text_style(area), (x + SAMPLE + 6, y - 6))?;
        x += SAMPLE + GAP + LETTER * text.chars().count() as i32;
    }
    Ok(())
}
