* x > y > z > x
NAME cycle
ROWS
 N obj
 G a
 G b
 G c
COLUMNS
    x obj 1
    x a 1
    x c -1
    y a -1
    y b 1
    z b -1
    z c 1
RHS
    RHS a 1
    RHS b 1
    RHS c 1
BOUNDS
 FR BND x
 FR BND y
 FR BND z
ENDATA
