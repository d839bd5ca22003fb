//! The wire format of protocol buffers: fields of a message, each a number or bytes.
//!
//! Entry point: [`fields`]. Written from the description of the encoding alone, so that it shares nothing with what writes.

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

/// The fields of a message in order, each with its number.
pub(super) fn fields(bytes: &[u8]) -> Result<Vec<(u64, Wire<'_>)>, String> {
    let mut rest = bytes;
    let mut found = vec![];
    while !rest.is_empty() {
        let key = varint(&mut rest)?;
        let value = match key & 7 {
            0 => Wire::Varint(varint(&mut rest)?),
            1 => Wire::Fixed64(u64::from_le_bytes(fixed(&mut rest)?)),
            2 => {
                let length = usize::try_from(varint(&mut rest)?).map_err(|_| END)?;
                let (value, after) = rest.split_at_checked(length).ok_or(END)?;
                rest = after;
                Wire::Bytes(value)
            }
            5 => Wire::Fixed32(u32::from_le_bytes(fixed(&mut rest)?)),
            kind => return Err(format!("a field of kind {kind}: this is no ONNX file")),
        };
        found.push((key >> 3, value));
    }
    Ok(found)
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
        // The examples of the description: 150 in field 1, a text in field 2.
        assert_eq!(fields(&[0x08, 0x96, 0x01]).unwrap(), [(1, Wire::Varint(150))]);
        assert_eq!(fields(b"\x12\x07testing").unwrap(), [(2, Wire::Bytes(b"testing"))]);
        assert_eq!(fields(&[0x0d, 1, 0, 0, 0]).unwrap(), [(1, Wire::Fixed32(1))]);
        assert_eq!(varints(&[0x03, 0x8e, 0x02]).unwrap(), [3, 270]);
        for bytes in [&[0x08][..], &[0x12, 9, 1], &[0x09, 1], &[0xff; 11], &[0x0b]] {
            assert!(fields(bytes).is_err());
        }
    }
}
