* 44 = 6 + 9 + 9 + 20
NAME frobenius_44
ROWS
 N obj
 E c
COLUMNS
    M0 'MARKER' 'INTORG'
    Na obj 1
    Na c 6
    Nb obj 1
    Nb c 9
    Nc obj 1
    Nc c 20
    M1 'MARKER' 'INTEND'
RHS
    RHS c 44
BOUNDS
 UP BND Na 9
 UP BND Nb 9
 UP BND Nc 9
ENDATA
