* two-finger Morra is a symmetric game: its value is 0
NAME morra
OBJSENSE
    MAX
ROWS
 N obj
 G c0
 G c1
 G c2
 G c3
 E sum
COLUMNS
    v obj 1
    v c0 -1
    v c1 -1
    v c2 -1
    v c3 -1
    p1 c0 -2
    p1 c3 3
    p1 sum 1
    p2 c0 3
    p2 c3 -4
    p2 sum 1
    p0 c1 2
    p0 c2 -3
    p0 sum 1
    p3 c1 -3
    p3 c2 4
    p3 sum 1
RHS
    RHS sum 1
BOUNDS
 FR BND v
ENDATA
