* comment
NAME          RANGED
ROWS
 N  COST
 E  R1
 L  R2
 G  R3
COLUMNS
    X1        COST              1.5   R1                1.0
    X1        R2               -2.0   R3              1.D+1
    X2        COST               .5   R1               -1.0
RHS
    RHS       R1                2.0   R2                4.0
    RHS       COST             -3.0
RANGES
    RNG       R1               -1.0   R2                3.0
BOUNDS
 MI BND       X1
 UP BND       X1                4.0
 FR BND       X2
ENDATA
