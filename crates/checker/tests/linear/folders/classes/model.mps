NAME bdnn
ROWS
 N Obj
 G norm_hi_0_0
 G norm_lo_0_0
 G norm_hi_0_1
 G norm_lo_0_1
 G norm_hi_1_0
 G norm_lo_1_0
 G norm_hi_1_1
 G norm_lo_1_1
 G norm_hi_2_0
 G norm_lo_2_0
 G norm_hi_2_1
 G norm_lo_2_1
 G fire_1_0_0
 L rest_1_0_0
 G fire_1_0_1
 L rest_1_0_1
 G fire_1_0_2
 L rest_1_0_2
 G fire_1_1_0
 L rest_1_1_0
 G fire_1_1_1
 L rest_1_1_1
 G fire_1_1_2
 L rest_1_1_2
 G fire_1_2_0
 L rest_1_2_0
 G fire_1_2_1
 L rest_1_2_1
 G fire_1_2_2
 L rest_1_2_2
 G wrong_0_2_0
 G wrong_0_2_1
 G wrong_0_2_2
 G wrong_1_1_0
 G wrong_1_1_1
 G wrong_1_1_2
 G wrong_2_0_0
 G wrong_2_0_1
 G wrong_2_0_2
 G wrong_2_1_0
 G wrong_2_1_1
 G wrong_2_1_2
 G floor_2
COLUMNS
    MARKER 'MARKER' 'INTORG'
    w_1_0_0 norm_hi_0_0 -1
    w_1_0_0 norm_lo_0_0 1
    w_1_0_0 fire_1_0_0 1
    w_1_0_0 rest_1_0_0 1
    w_1_0_0 fire_1_1_0 2
    w_1_0_0 rest_1_1_0 2
    w_1_0_0 fire_1_2_0 -1
    w_1_0_0 rest_1_2_0 -1
    w_1_0_1 norm_hi_0_1 -1
    w_1_0_1 norm_lo_0_1 1
    w_1_0_1 fire_1_2_0 0.5
    w_1_0_1 rest_1_2_0 0.5
    w_1_1_0 norm_hi_1_0 -1
    w_1_1_0 norm_lo_1_0 1
    w_1_1_0 fire_1_0_1 1
    w_1_1_0 rest_1_0_1 1
    w_1_1_0 fire_1_1_1 2
    w_1_1_0 rest_1_1_1 2
    w_1_1_0 fire_1_2_1 -1
    w_1_1_0 rest_1_2_1 -1
    w_1_1_1 norm_hi_1_1 -1
    w_1_1_1 norm_lo_1_1 1
    w_1_1_1 fire_1_2_1 0.5
    w_1_1_1 rest_1_2_1 0.5
    w_1_2_0 norm_hi_2_0 -1
    w_1_2_0 norm_lo_2_0 1
    w_1_2_0 fire_1_0_2 1
    w_1_2_0 rest_1_0_2 1
    w_1_2_0 fire_1_1_2 2
    w_1_2_0 rest_1_1_2 2
    w_1_2_0 fire_1_2_2 -1
    w_1_2_0 rest_1_2_2 -1
    w_1_2_1 norm_hi_2_1 -1
    w_1_2_1 norm_lo_2_1 1
    w_1_2_1 fire_1_2_2 0.5
    w_1_2_1 rest_1_2_2 0.5
    MARKER 'MARKER' 'INTEND'
    norm_0 norm_hi_0_0 1
    norm_0 norm_lo_0_0 1
    norm_0 norm_hi_0_1 1
    norm_0 norm_lo_0_1 1
    norm_0 fire_1_0_0 -0.25
    norm_0 rest_1_0_0 0.25
    norm_0 fire_1_1_0 -0.25
    norm_0 rest_1_1_0 0.25
    norm_0 fire_1_2_0 -0.25
    norm_0 rest_1_2_0 0.25
    norm_1 norm_hi_1_0 1
    norm_1 norm_lo_1_0 1
    norm_1 norm_hi_1_1 1
    norm_1 norm_lo_1_1 1
    norm_1 fire_1_0_1 -0.25
    norm_1 rest_1_0_1 0.25
    norm_1 fire_1_1_1 -0.25
    norm_1 rest_1_1_1 0.25
    norm_1 fire_1_2_1 -0.25
    norm_1 rest_1_2_1 0.25
    norm_2 norm_hi_2_0 1
    norm_2 norm_lo_2_0 1
    norm_2 norm_hi_2_1 1
    norm_2 norm_lo_2_1 1
    norm_2 fire_1_0_2 -0.25
    norm_2 rest_1_0_2 0.25
    norm_2 fire_1_1_2 -0.25
    norm_2 rest_1_1_2 0.25
    norm_2 fire_1_2_2 -0.25
    norm_2 rest_1_2_2 0.25
    MARKER 'MARKER' 'INTORG'
    u_1_0_0 fire_1_0_0 -2.5
    u_1_0_0 rest_1_0_0 -2.625
    u_1_0_0 wrong_0_2_0 -1
    u_1_0_1 fire_1_0_1 -2.5
    u_1_0_1 rest_1_0_1 -2.625
    u_1_0_1 wrong_0_2_1 -1
    u_1_0_2 fire_1_0_2 -2.5
    u_1_0_2 rest_1_0_2 -2.625
    u_1_0_2 wrong_0_2_2 1
    u_1_1_0 fire_1_1_0 -4.5
    u_1_1_0 rest_1_1_0 -4.625
    u_1_1_0 wrong_1_1_0 -1
    u_1_1_1 fire_1_1_1 -4.5
    u_1_1_1 rest_1_1_1 -4.625
    u_1_1_1 wrong_1_1_1 1
    u_1_1_2 fire_1_1_2 -4.5
    u_1_1_2 rest_1_1_2 -4.625
    u_1_1_2 wrong_1_1_2 -1
    u_1_2_0 fire_1_2_0 -3.5
    u_1_2_0 rest_1_2_0 -3.625
    u_1_2_0 wrong_2_0_0 1
    u_1_2_0 wrong_2_1_0 -1
    u_1_2_1 fire_1_2_1 -3.5
    u_1_2_1 rest_1_2_1 -3.625
    u_1_2_1 wrong_2_0_1 -1
    u_1_2_1 wrong_2_1_1 1
    u_1_2_2 fire_1_2_2 -3.5
    u_1_2_2 rest_1_2_2 -3.625
    u_1_2_2 wrong_2_0_2 -1
    u_1_2_2 wrong_2_1_2 -1
    e_0_2 Obj 1
    e_0_2 wrong_0_2_0 1
    e_0_2 wrong_0_2_1 1
    e_0_2 wrong_0_2_2 1
    e_1_1 Obj 1
    e_1_1 wrong_1_1_0 1
    e_1_1 wrong_1_1_1 1
    e_1_1 wrong_1_1_2 1
    e_2_0 Obj 1
    e_2_0 wrong_2_0_0 1
    e_2_0 wrong_2_0_1 1
    e_2_0 wrong_2_0_2 1
    e_2_0 floor_2 1
    e_2_1 Obj 1
    e_2_1 wrong_2_1_0 1
    e_2_1 wrong_2_1_1 1
    e_2_1 wrong_2_1_2 1
    e_2_1 floor_2 1
    MARKER 'MARKER' 'INTEND'
RHS
    RHS fire_1_0_0 -2.50000000001
    RHS rest_1_0_0 -0.12499999999
    RHS fire_1_0_1 -2.50000000001
    RHS rest_1_0_1 -0.12499999999
    RHS fire_1_0_2 -2.50000000001
    RHS rest_1_0_2 -0.12499999999
    RHS fire_1_1_0 -4.50000000001
    RHS rest_1_1_0 -0.12499999999
    RHS fire_1_1_1 -4.50000000001
    RHS rest_1_1_1 -0.12499999999
    RHS fire_1_1_2 -4.50000000001
    RHS rest_1_1_2 -0.12499999999
    RHS fire_1_2_0 -3.50000000001
    RHS rest_1_2_0 -0.12499999999
    RHS fire_1_2_1 -3.50000000001
    RHS rest_1_2_1 -0.12499999999
    RHS fire_1_2_2 -3.50000000001
    RHS rest_1_2_2 -0.12499999999
    RHS wrong_0_2_2 1
    RHS wrong_1_1_1 1
    RHS wrong_2_0_0 1
    RHS wrong_2_1_1 1
    RHS floor_2 1
RANGES
BOUNDS
 LO BND w_1_0_0 -2
 UP BND w_1_0_0 2
 LO BND w_1_0_1 -2
 UP BND w_1_0_1 2
 LO BND w_1_1_0 -2
 UP BND w_1_1_0 2
 LO BND w_1_1_1 -2
 UP BND w_1_1_1 2
 LO BND w_1_2_0 -2
 UP BND w_1_2_0 2
 LO BND w_1_2_1 -2
 UP BND w_1_2_1 2
 UP BND norm_0 2
 UP BND norm_1 2
 UP BND norm_2 2
 BV BND u_1_0_0
 BV BND u_1_0_1
 BV BND u_1_0_2
 BV BND u_1_1_0
 BV BND u_1_1_1
 BV BND u_1_1_2
 BV BND u_1_2_0
 BV BND u_1_2_1
 BV BND u_1_2_2
 BV BND e_0_2
 BV BND e_1_1
 BV BND e_2_0
 BV BND e_2_1
ENDATA
