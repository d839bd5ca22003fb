NAME buy
ROWS
 N cost
 G demand
 L rule
COLUMNS
 a cost 3 demand 1
 b cost 2 demand 1
 b rule 1
 c cost 2.5 demand 1
 c rule 1
 M 'MARKER' 'INTORG'
 open cost 5
 M 'MARKER' 'INTEND'
RHS
 RHS demand 7 rule 3
RANGES
 RNG rule 9
BOUNDS
 LO BND a 2
 SC BND a 6
 LO BND b 4
 SI BND b 6
 LO BND c 3
 SC BND c
 BV BND open
SOS
 S2 near 7
    a 1
    b 2
    c 3
 S1 one
    c 2
    a 1
INDICATORS
 IF rule open 0
ENDATA
