//! Reading and writing model and solution files.
