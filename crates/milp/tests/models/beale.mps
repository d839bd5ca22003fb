* Beale 1955: the textbook rule cycles
NAME beale
ROWS
 N obj
 L c1
 L c2
 L c3
COLUMNS
    x1 obj -0.75
    x1 c1 0.25
    x1 c2 0.5
    x2 obj 150
    x2 c1 -60
    x2 c2 -90
    x3 obj -0.02
    x3 c1 -0.04
    x3 c2 -0.02
    x3 c3 1
    x4 obj 6
    x4 c1 9
    x4 c2 3
RHS
    RHS c3 1
BOUNDS
ENDATA
