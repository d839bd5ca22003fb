* cost i*j: by the rearrangement inequality sum i*(6-i)
NAME assignment
ROWS
 N obj
 E r1
 E r2
 E r3
 E r4
 E r5
 E c1
 E c2
 E c3
 E c4
 E c5
COLUMNS
    x11 obj 1
    x11 r1 1
    x11 c1 1
    x12 obj 2
    x12 r1 1
    x12 c2 1
    x13 obj 3
    x13 r1 1
    x13 c3 1
    x14 obj 4
    x14 r1 1
    x14 c4 1
    x15 obj 5
    x15 r1 1
    x15 c5 1
    x21 obj 2
    x21 r2 1
    x21 c1 1
    x22 obj 4
    x22 r2 1
    x22 c2 1
    x23 obj 6
    x23 r2 1
    x23 c3 1
    x24 obj 8
    x24 r2 1
    x24 c4 1
    x25 obj 10
    x25 r2 1
    x25 c5 1
    x31 obj 3
    x31 r3 1
    x31 c1 1
    x32 obj 6
    x32 r3 1
    x32 c2 1
    x33 obj 9
    x33 r3 1
    x33 c3 1
    x34 obj 12
    x34 r3 1
    x34 c4 1
    x35 obj 15
    x35 r3 1
    x35 c5 1
    x41 obj 4
    x41 r4 1
    x41 c1 1
    x42 obj 8
    x42 r4 1
    x42 c2 1
    x43 obj 12
    x43 r4 1
    x43 c3 1
    x44 obj 16
    x44 r4 1
    x44 c4 1
    x45 obj 20
    x45 r4 1
    x45 c5 1
    x51 obj 5
    x51 r5 1
    x51 c1 1
    x52 obj 10
    x52 r5 1
    x52 c2 1
    x53 obj 15
    x53 r5 1
    x53 c3 1
    x54 obj 20
    x54 r5 1
    x54 c4 1
    x55 obj 25
    x55 r5 1
    x55 c5 1
RHS
    RHS r1 1
    RHS r2 1
    RHS r3 1
    RHS r4 1
    RHS r5 1
    RHS c1 1
    RHS c2 1
    RHS c3 1
    RHS c4 1
    RHS c5 1
BOUNDS
ENDATA
