NAME bdnn
ROWS
 N Obj
 G abs_hi_1_0_0
 G abs_lo_1_0_0
 G zero_hi_1_0_0
 G zero_lo_1_0_0
 G abs_hi_1_0_1
 G abs_lo_1_0_1
 G zero_hi_1_0_1
 G zero_lo_1_0_1
 G fire_1_0_0
 L rest_1_0_0
 G fire_1_1_0
 L rest_1_1_0
 G fire_1_2_0
 L rest_1_2_0
 G abs_hi_2_0_0
 G abs_lo_2_0_0
 G zero_hi_2_0_0
 G zero_lo_2_0_0
 L and_off_hi_2_0_0_0
 G and_off_lo_2_0_0_0
 L and_on_hi_2_0_0_0
 G and_on_lo_2_0_0_0
 L and_off_hi_2_1_0_0
 G and_off_lo_2_1_0_0
 L and_on_hi_2_1_0_0
 G and_on_lo_2_1_0_0
 L and_off_hi_2_2_0_0
 G and_off_lo_2_2_0_0
 L and_on_hi_2_2_0_0
 G and_on_lo_2_2_0_0
 G fire_2_0_0
 L rest_2_0_0
 G fire_2_1_0
 L rest_2_1_0
 G fire_2_2_0
 L rest_2_2_0
COLUMNS
    w_1_0_0 abs_hi_1_0_0 -1
    w_1_0_0 abs_lo_1_0_0 1
    w_1_0_0 zero_hi_1_0_0 -1
    w_1_0_0 zero_lo_1_0_0 1
    w_1_0_0 fire_1_1_0 0.5
    w_1_0_0 rest_1_1_0 0.5
    w_1_0_0 fire_1_2_0 1
    w_1_0_0 rest_1_2_0 1
    w_1_0_1 abs_hi_1_0_1 -1
    w_1_0_1 abs_lo_1_0_1 1
    w_1_0_1 zero_hi_1_0_1 -1
    w_1_0_1 zero_lo_1_0_1 1
    w_1_0_1 fire_1_0_0 1
    w_1_0_1 rest_1_0_0 1
    w_1_0_1 fire_1_1_0 1
    w_1_0_1 rest_1_1_0 1
    b_1_0 fire_1_0_0 1
    b_1_0 rest_1_0_0 1
    b_1_0 fire_1_1_0 1
    b_1_0 rest_1_1_0 1
    b_1_0 fire_1_2_0 1
    b_1_0 rest_1_2_0 1
    xi_1_0_0 Obj 0.1
    xi_1_0_0 abs_hi_1_0_0 1
    xi_1_0_0 abs_lo_1_0_0 1
    xi_1_0_0 fire_1_0_0 -0.125
    xi_1_0_0 rest_1_0_0 0.125
    xi_1_0_0 fire_1_1_0 -0.125
    xi_1_0_0 rest_1_1_0 0.125
    xi_1_0_0 fire_1_2_0 -0.125
    xi_1_0_0 rest_1_2_0 0.125
    MARKER 'MARKER' 'INTORG'
    z_1_0_0 Obj 0.3
    z_1_0_0 zero_hi_1_0_0 1
    z_1_0_0 zero_lo_1_0_0 1
    MARKER 'MARKER' 'INTEND'
    xi_1_0_1 Obj 0.1
    xi_1_0_1 abs_hi_1_0_1 1
    xi_1_0_1 abs_lo_1_0_1 1
    xi_1_0_1 fire_1_0_0 -0.125
    xi_1_0_1 rest_1_0_0 0.125
    xi_1_0_1 fire_1_1_0 -0.125
    xi_1_0_1 rest_1_1_0 0.125
    xi_1_0_1 fire_1_2_0 -0.125
    xi_1_0_1 rest_1_2_0 0.125
    MARKER 'MARKER' 'INTORG'
    z_1_0_1 Obj 0.3
    z_1_0_1 zero_hi_1_0_1 1
    z_1_0_1 zero_lo_1_0_1 1
    u_1_0_0 fire_1_0_0 -2
    u_1_0_0 rest_1_0_0 -2
    u_1_0_0 and_off_hi_2_0_0_0 -1
    u_1_0_0 and_off_lo_2_0_0_0 1
    u_1_0_0 and_on_hi_2_0_0_0 1
    u_1_0_0 and_on_lo_2_0_0_0 -1
    u_1_1_0 fire_1_1_0 -1.5
    u_1_1_0 rest_1_1_0 -1.5
    u_1_1_0 and_off_hi_2_1_0_0 -1
    u_1_1_0 and_off_lo_2_1_0_0 1
    u_1_1_0 and_on_hi_2_1_0_0 1
    u_1_1_0 and_on_lo_2_1_0_0 -1
    u_1_2_0 fire_1_2_0 -2
    u_1_2_0 rest_1_2_0 -2
    u_1_2_0 and_off_hi_2_2_0_0 -1
    u_1_2_0 and_off_lo_2_2_0_0 1
    u_1_2_0 and_on_hi_2_2_0_0 1
    u_1_2_0 and_on_lo_2_2_0_0 -1
    MARKER 'MARKER' 'INTEND'
    w_2_0_0 abs_hi_2_0_0 -1
    w_2_0_0 abs_lo_2_0_0 1
    w_2_0_0 zero_hi_2_0_0 -1
    w_2_0_0 zero_lo_2_0_0 1
    w_2_0_0 and_on_hi_2_0_0_0 -1
    w_2_0_0 and_on_lo_2_0_0_0 -1
    w_2_0_0 and_on_hi_2_1_0_0 -1
    w_2_0_0 and_on_lo_2_1_0_0 -1
    w_2_0_0 and_on_hi_2_2_0_0 -1
    w_2_0_0 and_on_lo_2_2_0_0 -1
    b_2_0 fire_2_0_0 1
    b_2_0 rest_2_0_0 1
    b_2_0 fire_2_1_0 1
    b_2_0 rest_2_1_0 1
    b_2_0 fire_2_2_0 1
    b_2_0 rest_2_2_0 1
    xi_2_0_0 Obj 0.1
    xi_2_0_0 abs_hi_2_0_0 1
    xi_2_0_0 abs_lo_2_0_0 1
    MARKER 'MARKER' 'INTORG'
    z_2_0_0 Obj 0.3
    z_2_0_0 zero_hi_2_0_0 1
    z_2_0_0 zero_lo_2_0_0 1
    u_2_0_0 Obj 1
    u_2_0_0 fire_2_0_0 -1
    u_2_0_0 rest_2_0_0 -1
    u_2_1_0 Obj -1
    u_2_1_0 fire_2_1_0 -1
    u_2_1_0 rest_2_1_0 -1
    u_2_2_0 Obj 1
    u_2_2_0 fire_2_2_0 -1
    u_2_2_0 rest_2_2_0 -1
    MARKER 'MARKER' 'INTEND'
    s_2_0_0_0 and_off_hi_2_0_0_0 1
    s_2_0_0_0 and_off_lo_2_0_0_0 1
    s_2_0_0_0 and_on_hi_2_0_0_0 1
    s_2_0_0_0 and_on_lo_2_0_0_0 1
    s_2_0_0_0 fire_2_0_0 1
    s_2_0_0_0 rest_2_0_0 1
    s_2_1_0_0 and_off_hi_2_1_0_0 1
    s_2_1_0_0 and_off_lo_2_1_0_0 1
    s_2_1_0_0 and_on_hi_2_1_0_0 1
    s_2_1_0_0 and_on_lo_2_1_0_0 1
    s_2_1_0_0 fire_2_1_0 1
    s_2_1_0_0 rest_2_1_0 1
    s_2_2_0_0 and_off_hi_2_2_0_0 1
    s_2_2_0_0 and_off_lo_2_2_0_0 1
    s_2_2_0_0 and_on_hi_2_2_0_0 1
    s_2_2_0_0 and_on_lo_2_2_0_0 1
    s_2_2_0_0 fire_2_2_0 1
    s_2_2_0_0 rest_2_2_0 1
RHS
    RHS Obj -1
    RHS fire_1_0_0 -2.00000000001
    RHS rest_1_0_0 -0.24999999999
    RHS fire_1_1_0 -1.50000000001
    RHS rest_1_1_0 -0.24999999999
    RHS fire_1_2_0 -2.00000000001
    RHS rest_1_2_0 -0.24999999999
    RHS and_on_hi_2_0_0_0 1
    RHS and_on_lo_2_0_0_0 -1
    RHS and_on_hi_2_1_0_0 1
    RHS and_on_lo_2_1_0_0 -1
    RHS and_on_hi_2_2_0_0 1
    RHS and_on_lo_2_2_0_0 -1
    RHS fire_2_0_0 -1.00000000001
    RHS rest_2_0_0 -0.24999999999
    RHS fire_2_1_0 -1.00000000001
    RHS rest_2_1_0 -0.24999999999
    RHS fire_2_2_0 -1.00000000001
    RHS rest_2_2_0 -0.24999999999
RANGES
BOUNDS
 LO BND w_1_0_0 -1
 UP BND w_1_0_0 1
 LO BND w_1_0_1 -1
 UP BND w_1_0_1 1
 LO BND b_1_0 -1.50000000001
 UP BND b_1_0 1.25000000001
 UP BND xi_1_0_0 1
 BV BND z_1_0_0
 UP BND xi_1_0_1 1
 BV BND z_1_0_1
 FX BND u_1_0_0 1
 BV BND u_1_1_0
 BV BND u_1_2_0
 LO BND w_2_0_0 -1
 UP BND w_2_0_0 1
 LO BND b_2_0 -1.00000000001
 UP BND b_2_0 0.75000000001
 UP BND xi_2_0_0 1
 BV BND z_2_0_0
 BV BND u_2_0_0
 BV BND u_2_1_0
 BV BND u_2_2_0
 LO BND s_2_0_0_0 -1
 UP BND s_2_0_0_0 1
 LO BND s_2_1_0_0 -1
 UP BND s_2_1_0_0 1
 LO BND s_2_2_0_0 -1
 UP BND s_2_2_0_0 1
ENDATA
