NAME knapsack
OBJSENSE
    MAX
ROWS
 N Obj
 L weight
 G sum
COLUMNS
    M 'MARKER' 'INTORG'
    x Obj 5 weight 3
    x sum 1
    y Obj 4 weight 2.5
    y sum 1
    M 'MARKER' 'INTEND'
    z Obj 0.5 weight 1
RHS
    RHS weight 7.25 sum 0.5
BOUNDS
 UP B x 3
 UP B y 2
 UP B z 1.5
ENDATA
