* the Petersen graph has vertex cover number 6
NAME petersen_cover
ROWS
 N obj
 G e0
 G e1
 G e2
 G e3
 G e4
 G e5
 G e6
 G e7
 G e8
 G e9
 G e10
 G e11
 G e12
 G e13
 G e14
COLUMNS
    M0 'MARKER' 'INTORG'
    v0 obj 1
    v0 e0 1
    v0 e4 1
    v0 e5 1
    v1 obj 1
    v1 e0 1
    v1 e1 1
    v1 e6 1
    v2 obj 1
    v2 e1 1
    v2 e2 1
    v2 e7 1
    v3 obj 1
    v3 e2 1
    v3 e3 1
    v3 e8 1
    v4 obj 1
    v4 e3 1
    v4 e4 1
    v4 e9 1
    v5 obj 1
    v5 e5 1
    v5 e10 1
    v5 e13 1
    v6 obj 1
    v6 e6 1
    v6 e11 1
    v6 e14 1
    v7 obj 1
    v7 e7 1
    v7 e10 1
    v7 e12 1
    v8 obj 1
    v8 e8 1
    v8 e11 1
    v8 e13 1
    v9 obj 1
    v9 e9 1
    v9 e12 1
    v9 e14 1
    M1 'MARKER' 'INTEND'
RHS
    RHS e0 1
    RHS e1 1
    RHS e2 1
    RHS e3 1
    RHS e4 1
    RHS e5 1
    RHS e6 1
    RHS e7 1
    RHS e8 1
    RHS e9 1
    RHS e10 1
    RHS e11 1
    RHS e12 1
    RHS e13 1
    RHS e14 1
BOUNDS
 BV BND v0
 BV BND v1
 BV BND v2
 BV BND v3
 BV BND v4
 BV BND v5
 BV BND v6
 BV BND v7
 BV BND v8
 BV BND v9
ENDATA
