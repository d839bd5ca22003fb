NAME bdnn
ROWS
 N Obj
 G fire_1_0_0
 L rest_1_0_0
 G fire_1_1_0
 L rest_1_1_0
 G fire_1_2_0
 L rest_1_2_0
COLUMNS
    w_1_0_0 fire_1_1_0 0.3333333333333333
    w_1_0_0 rest_1_1_0 0.3333333333333333
    w_1_0_0 fire_1_2_0 1
    w_1_0_0 rest_1_2_0 1
    b_1_0 fire_1_0_0 1
    b_1_0 rest_1_0_0 1
    b_1_0 fire_1_1_0 1
    b_1_0 rest_1_1_0 1
    b_1_0 fire_1_2_0 1
    b_1_0 rest_1_2_0 1
    MARKER 'MARKER' 'INTORG'
    u_1_0_0 Obj 1
    u_1_0_0 fire_1_0_0 -1
    u_1_0_0 rest_1_0_0 -1
    u_1_1_0 Obj -1
    u_1_1_0 fire_1_1_0 -0.6666666666666667
    u_1_1_0 rest_1_1_0 -0.6666666666666667
    u_1_2_0 Obj 1
    u_1_2_0 fire_1_2_0 -1
    u_1_2_0 rest_1_2_0 -1
    MARKER 'MARKER' 'INTEND'
RHS
    RHS Obj -1
    RHS fire_1_0_0 -1.00000000001
    RHS rest_1_0_0 -0.24999999999
    RHS fire_1_1_0 -0.6666666666766667
    RHS rest_1_1_0 -0.24999999999
    RHS fire_1_2_0 -1.00000000001
    RHS rest_1_2_0 -0.24999999999
RANGES
BOUNDS
 LO BND w_1_0_0 -1
 UP BND w_1_0_0 1
 LO BND b_1_0 -1.00000000001
 UP BND b_1_0 0.75000000001
 BV BND u_1_0_0
 BV BND u_1_1_0
 BV BND u_1_2_0
ENDATA
