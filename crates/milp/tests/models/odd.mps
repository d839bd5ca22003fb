* twice five binaries is even
NAME odd
ROWS
 N obj
 E c
COLUMNS
    M0 'MARKER' 'INTORG'
    a obj 1
    a c 2
    b c 2
    c c 2
    d c 2
    e c 2
    M1 'MARKER' 'INTEND'
RHS
    RHS c 5
BOUNDS
 BV BND a
 BV BND b
 BV BND c
 BV BND d
 BV BND e
ENDATA
