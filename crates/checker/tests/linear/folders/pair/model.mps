NAME bdnn
ROWS
 N Obj
 G fire_1_0_0
 L rest_1_0_0
 G fire_1_0_1
 L rest_1_0_1
 G fire_1_1_0
 L rest_1_1_0
 G fire_1_1_1
 L rest_1_1_1
 G fire_1_2_0
 L rest_1_2_0
 G fire_1_2_1
 L rest_1_2_1
 L and_off_hi_2_0_0_0
 G and_off_lo_2_0_0_0
 L and_on_hi_2_0_0_0
 G and_on_lo_2_0_0_0
 L and_off_hi_2_0_0_1
 G and_off_lo_2_0_0_1
 L and_on_hi_2_0_0_1
 G and_on_lo_2_0_0_1
 L and_off_hi_2_1_0_0
 G and_off_lo_2_1_0_0
 L and_on_hi_2_1_0_0
 G and_on_lo_2_1_0_0
 L and_off_hi_2_1_0_1
 G and_off_lo_2_1_0_1
 L and_on_hi_2_1_0_1
 G and_on_lo_2_1_0_1
 L and_off_hi_2_2_0_0
 G and_off_lo_2_2_0_0
 L and_on_hi_2_2_0_0
 G and_on_lo_2_2_0_0
 L and_off_hi_2_2_0_1
 G and_off_lo_2_2_0_1
 L and_on_hi_2_2_0_1
 G and_on_lo_2_2_0_1
 G fire_2_0_0
 L rest_2_0_0
 G fire_2_1_0
 L rest_2_1_0
 G fire_2_2_0
 L rest_2_2_0
 G order_1_0
COLUMNS
    w_1_0_0 fire_1_1_0 0.5
    w_1_0_0 rest_1_1_0 0.5
    w_1_0_0 fire_1_2_0 1
    w_1_0_0 rest_1_2_0 1
    w_1_0_1 fire_1_0_0 1
    w_1_0_1 rest_1_0_0 1
    w_1_0_1 fire_1_1_0 1
    w_1_0_1 rest_1_1_0 1
    w_1_1_0 fire_1_1_1 0.5
    w_1_1_0 rest_1_1_1 0.5
    w_1_1_0 fire_1_2_1 1
    w_1_1_0 rest_1_2_1 1
    w_1_1_1 fire_1_0_1 1
    w_1_1_1 rest_1_0_1 1
    w_1_1_1 fire_1_1_1 1
    w_1_1_1 rest_1_1_1 1
    b_1_0 fire_1_0_0 1
    b_1_0 rest_1_0_0 1
    b_1_0 fire_1_1_0 1
    b_1_0 rest_1_1_0 1
    b_1_0 fire_1_2_0 1
    b_1_0 rest_1_2_0 1
    b_1_1 fire_1_0_1 1
    b_1_1 rest_1_0_1 1
    b_1_1 fire_1_1_1 1
    b_1_1 rest_1_1_1 1
    b_1_1 fire_1_2_1 1
    b_1_1 rest_1_2_1 1
    MARKER 'MARKER' 'INTORG'
    u_1_0_0 fire_1_0_0 -2
    u_1_0_0 rest_1_0_0 -2
    u_1_0_0 and_off_hi_2_0_0_0 -1
    u_1_0_0 and_off_lo_2_0_0_0 1
    u_1_0_0 and_on_hi_2_0_0_0 1
    u_1_0_0 and_on_lo_2_0_0_0 -1
    u_1_0_1 fire_1_0_1 -2
    u_1_0_1 rest_1_0_1 -2
    u_1_0_1 and_off_hi_2_0_0_1 -1
    u_1_0_1 and_off_lo_2_0_0_1 1
    u_1_0_1 and_on_hi_2_0_0_1 1
    u_1_0_1 and_on_lo_2_0_0_1 -1
    u_1_1_0 fire_1_1_0 -1.5
    u_1_1_0 rest_1_1_0 -1.5
    u_1_1_0 and_off_hi_2_1_0_0 -1
    u_1_1_0 and_off_lo_2_1_0_0 1
    u_1_1_0 and_on_hi_2_1_0_0 1
    u_1_1_0 and_on_lo_2_1_0_0 -1
    u_1_1_0 order_1_0 2
    u_1_1_1 fire_1_1_1 -1.5
    u_1_1_1 rest_1_1_1 -1.5
    u_1_1_1 and_off_hi_2_1_0_1 -1
    u_1_1_1 and_off_lo_2_1_0_1 1
    u_1_1_1 and_on_hi_2_1_0_1 1
    u_1_1_1 and_on_lo_2_1_0_1 -1
    u_1_1_1 order_1_0 -2
    u_1_2_0 fire_1_2_0 -2
    u_1_2_0 rest_1_2_0 -2
    u_1_2_0 and_off_hi_2_2_0_0 -1
    u_1_2_0 and_off_lo_2_2_0_0 1
    u_1_2_0 and_on_hi_2_2_0_0 1
    u_1_2_0 and_on_lo_2_2_0_0 -1
    u_1_2_0 order_1_0 1
    u_1_2_1 fire_1_2_1 -2
    u_1_2_1 rest_1_2_1 -2
    u_1_2_1 and_off_hi_2_2_0_1 -1
    u_1_2_1 and_off_lo_2_2_0_1 1
    u_1_2_1 and_on_hi_2_2_0_1 1
    u_1_2_1 and_on_lo_2_2_0_1 -1
    u_1_2_1 order_1_0 -1
    MARKER 'MARKER' 'INTEND'
    w_2_0_0 and_on_hi_2_0_0_0 -1
    w_2_0_0 and_on_lo_2_0_0_0 -1
    w_2_0_0 and_on_hi_2_1_0_0 -1
    w_2_0_0 and_on_lo_2_1_0_0 -1
    w_2_0_0 and_on_hi_2_2_0_0 -1
    w_2_0_0 and_on_lo_2_2_0_0 -1
    w_2_0_1 and_on_hi_2_0_0_1 -1
    w_2_0_1 and_on_lo_2_0_0_1 -1
    w_2_0_1 and_on_hi_2_1_0_1 -1
    w_2_0_1 and_on_lo_2_1_0_1 -1
    w_2_0_1 and_on_hi_2_2_0_1 -1
    w_2_0_1 and_on_lo_2_2_0_1 -1
    b_2_0 fire_2_0_0 1
    b_2_0 rest_2_0_0 1
    b_2_0 fire_2_1_0 1
    b_2_0 rest_2_1_0 1
    b_2_0 fire_2_2_0 1
    b_2_0 rest_2_2_0 1
    MARKER 'MARKER' 'INTORG'
    u_2_0_0 Obj 1
    u_2_0_0 fire_2_0_0 -2
    u_2_0_0 rest_2_0_0 -2
    u_2_1_0 Obj -1
    u_2_1_0 fire_2_1_0 -2
    u_2_1_0 rest_2_1_0 -2
    u_2_2_0 Obj 1
    u_2_2_0 fire_2_2_0 -2
    u_2_2_0 rest_2_2_0 -2
    MARKER 'MARKER' 'INTEND'
    s_2_0_0_0 and_off_hi_2_0_0_0 1
    s_2_0_0_0 and_off_lo_2_0_0_0 1
    s_2_0_0_0 and_on_hi_2_0_0_0 1
    s_2_0_0_0 and_on_lo_2_0_0_0 1
    s_2_0_0_0 fire_2_0_0 1
    s_2_0_0_0 rest_2_0_0 1
    s_2_0_0_1 and_off_hi_2_0_0_1 1
    s_2_0_0_1 and_off_lo_2_0_0_1 1
    s_2_0_0_1 and_on_hi_2_0_0_1 1
    s_2_0_0_1 and_on_lo_2_0_0_1 1
    s_2_0_0_1 fire_2_0_0 1
    s_2_0_0_1 rest_2_0_0 1
    s_2_1_0_0 and_off_hi_2_1_0_0 1
    s_2_1_0_0 and_off_lo_2_1_0_0 1
    s_2_1_0_0 and_on_hi_2_1_0_0 1
    s_2_1_0_0 and_on_lo_2_1_0_0 1
    s_2_1_0_0 fire_2_1_0 1
    s_2_1_0_0 rest_2_1_0 1
    s_2_1_0_1 and_off_hi_2_1_0_1 1
    s_2_1_0_1 and_off_lo_2_1_0_1 1
    s_2_1_0_1 and_on_hi_2_1_0_1 1
    s_2_1_0_1 and_on_lo_2_1_0_1 1
    s_2_1_0_1 fire_2_1_0 1
    s_2_1_0_1 rest_2_1_0 1
    s_2_2_0_0 and_off_hi_2_2_0_0 1
    s_2_2_0_0 and_off_lo_2_2_0_0 1
    s_2_2_0_0 and_on_hi_2_2_0_0 1
    s_2_2_0_0 and_on_lo_2_2_0_0 1
    s_2_2_0_0 fire_2_2_0 1
    s_2_2_0_0 rest_2_2_0 1
    s_2_2_0_1 and_off_hi_2_2_0_1 1
    s_2_2_0_1 and_off_lo_2_2_0_1 1
    s_2_2_0_1 and_on_hi_2_2_0_1 1
    s_2_2_0_1 and_on_lo_2_2_0_1 1
    s_2_2_0_1 fire_2_2_0 1
    s_2_2_0_1 rest_2_2_0 1
RHS
    RHS Obj -1
    RHS fire_1_0_0 -2.00000000001
    RHS rest_1_0_0 -0.12499999999
    RHS fire_1_0_1 -2.00000000001
    RHS rest_1_0_1 -0.12499999999
    RHS fire_1_1_0 -1.50000000001
    RHS rest_1_1_0 -0.12499999999
    RHS fire_1_1_1 -1.50000000001
    RHS rest_1_1_1 -0.12499999999
    RHS fire_1_2_0 -2.00000000001
    RHS rest_1_2_0 -0.12499999999
    RHS fire_1_2_1 -2.00000000001
    RHS rest_1_2_1 -0.12499999999
    RHS and_on_hi_2_0_0_0 1
    RHS and_on_lo_2_0_0_0 -1
    RHS and_on_hi_2_0_0_1 1
    RHS and_on_lo_2_0_0_1 -1
    RHS and_on_hi_2_1_0_0 1
    RHS and_on_lo_2_1_0_0 -1
    RHS and_on_hi_2_1_0_1 1
    RHS and_on_lo_2_1_0_1 -1
    RHS and_on_hi_2_2_0_0 1
    RHS and_on_lo_2_2_0_0 -1
    RHS and_on_hi_2_2_0_1 1
    RHS and_on_lo_2_2_0_1 -1
    RHS fire_2_0_0 -2.00000000001
    RHS rest_2_0_0 -0.12499999999
    RHS fire_2_1_0 -2.00000000001
    RHS rest_2_1_0 -0.12499999999
    RHS fire_2_2_0 -2.00000000001
    RHS rest_2_2_0 -0.12499999999
RANGES
BOUNDS
 LO BND w_1_0_0 -1
 UP BND w_1_0_0 1
 LO BND w_1_0_1 -1
 UP BND w_1_0_1 1
 LO BND w_1_1_0 -1
 UP BND w_1_1_0 1
 LO BND w_1_1_1 -1
 UP BND w_1_1_1 1
 LO BND b_1_0 -1.50000000001
 UP BND b_1_0 1.37500000001
 LO BND b_1_1 -1.50000000001
 UP BND b_1_1 1.37500000001
 FX BND u_1_0_0 1
 FX BND u_1_0_1 1
 BV BND u_1_1_0
 BV BND u_1_1_1
 BV BND u_1_2_0
 BV BND u_1_2_1
 LO BND w_2_0_0 -1
 UP BND w_2_0_0 1
 LO BND w_2_0_1 -1
 UP BND w_2_0_1 1
 LO BND b_2_0 -2.00000000001
 UP BND b_2_0 1.87500000001
 BV BND u_2_0_0
 BV BND u_2_1_0
 BV BND u_2_2_0
 LO BND s_2_0_0_0 -1
 UP BND s_2_0_0_0 1
 LO BND s_2_0_0_1 -1
 UP BND s_2_0_0_1 1
 LO BND s_2_1_0_0 -1
 UP BND s_2_1_0_0 1
 LO BND s_2_1_0_1 -1
 UP BND s_2_1_0_1 1
 LO BND s_2_2_0_0 -1
 UP BND s_2_2_0_0 1
 LO BND s_2_2_0_1 -1
 UP BND s_2_2_0_1 1
ENDATA
