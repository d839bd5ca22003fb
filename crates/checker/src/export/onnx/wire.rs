//! The wire format of protocol buffers: fields of a message, each a number or bytes.
//!
//! Entry points: [`fields`], [`Form::read`]. Written from the description of the encoding alone, so that it shares nothing with what writes.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Wire<'b> {
    /// A number of any length.
    Varint(u64),
    /// Eight bytes.
    Fixed64(u64),
    /// Four bytes.
    Fixed32(u32),
    /// A text, a message, or numbers in a row.
    Bytes(&'b [u8]),
}

/// A field, with its number.
type Field<'b> = (u64, Wire<'b>);

/// The fields of a message in order.
fn fields(bytes: &[u8]) -> impl Iterator<Item = Result<Field<'_>, String>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let found = (!rest.is_empty()).then(|| field(&mut rest))?;
        if found.is_err() {
            rest = &[];
        }
        Some(found)
    })
}

fn field<'b>(rest: &mut &'b [u8]) -> Result<Field<'b>, String> {
    let key = varint(rest)?;
    let value = match key & 7 {
        0 => Wire::Varint(varint(rest)?),
        1 => Wire::Fixed64(u64::from_le_bytes(fixed(rest)?)),
        2 => {
            let length = usize::try_from(varint(rest)?).map_err(|_| END)?;
            let (value, after) = rest.split_at_checked(length).ok_or(END)?;
            *rest = after;
            Wire::Bytes(value)
        }
        5 => Wire::Fixed32(u32::from_le_bytes(fixed(rest)?)),
        kind => return Err(format!("a field of kind {kind}: this is no ONNX file")),
    };
    Ok((key >> 3, value))
}

/// What a message may have. Readers differ in what they make of a field that comes twice, and none knows what a field
/// means that is not listed here; so both are refused.
pub(super) struct Form {
    /// What it is, for messages.
    pub name: &'static str,
    /// Fields that come once at most.
    pub once: &'static [u64],
    /// Fields that come any number of times.
    pub often: &'static [u64],
    /// Fields that mean nothing for what is computed.
    pub ignored: &'static [u64],
}

impl Form {
    /// Hands over the fields that mean something; false says that a field is of another kind than it should be.
    pub fn read<'b>(
        &self,
        bytes: &'b [u8],
        mut take: impl FnMut(u64, Wire<'b>) -> Result<bool, String>,
    ) -> Result<(), String> {
        let mut seen = vec![];
        for field in fields(bytes) {
            let (number, value) = field?;
            if self.ignored.contains(&number) {
                continue;
            }
            let wrong = |what: &str| Err(format!("{} has the field {number} {what}", self.name));
            if self.once.contains(&number) {
                if seen.contains(&number) {
                    return wrong("twice");
                }
                seen.push(number);
            } else if !self.often.contains(&number) {
                return wrong("that is not exported");
            }
            if !take(number, value)? {
                return wrong("of another kind than it should be");
            }
        }
        Ok(())
    }
}

const END: &str = "a field that goes beyond the end: the file is cut off, or no ONNX file";

/// The numbers in a row of varints.
pub(super) fn varints(mut bytes: &[u8]) -> Result<Vec<u64>, String> {
    let mut numbers = vec![];
    while !bytes.is_empty() {
        numbers.push(varint(&mut bytes)?);
    }
    Ok(numbers)
}

fn varint(rest: &mut &[u8]) -> Result<u64, String> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, after) = rest.split_first().ok_or(END)?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err("a number of more than 64 bits".to_owned())
}

fn fixed<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], String> {
    let (value, after) = rest.split_first_chunk::<N>().ok_or(END)?;
    *rest = after;
    Ok(*value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // tests may
mod tests {
    use super::*;

    #[test]
    fn fields_are_read() {
        let all = |bytes| fields(bytes).collect::<Result<Vec<_>, _>>();
        // The examples of the description: 150 in field 1, a text in field 2.
        assert_eq!(all(&[0x08, 0x96, 0x01]).unwrap(), [(1, Wire::Varint(150))]);
        assert_eq!(all(b"\x12\x07testing").unwrap(), [(2, Wire::Bytes(b"testing"))]);
        assert_eq!(all(&[0x0d, 1, 0, 0, 0]).unwrap(), [(1, Wire::Fixed32(1))]);
        assert_eq!(varints(&[0x03, 0x8e, 0x02]).unwrap(), [3, 270]);
        for bytes in [&[0x08][..], &[0x12, 9, 1], &[0x09, 1], &[0xff; 11], &[0x0b]] {
            assert!(all(bytes).is_err());
        }
    }

    #[test]
    fn forms_say_what_may_come() {
        let form = Form { name: "it", once: &[1], often: &[2], ignored: &[3] };
        let read = |bytes| {
            let mut found = vec![];
            form.read(bytes, |number, value| {
                found.push(number);
                Ok(matches!(value, Wire::Varint(_)))
            })
            .map(|()| found)
        };
        assert_eq!(read(&[8, 1, 16, 1, 24, 1, 24, 1, 16, 1]), Ok(vec![1, 2, 2]));
        for (bytes, what) in [
            (&[8, 1, 16, 1, 8, 1][..], "it has the field 1 twice"),
            (&[32, 1], "it has the field 4 that is not exported"),
            (&[10, 0], "it has the field 1 of another kind than it should be"),
            (&[0, 1], "it has the field 0 that is not exported"),
        ] {
            assert_eq!(read(bytes), Err(what.to_owned()));
        }
    }
}
