* six queens on a board of six
NAME queens
OBJSENSE
    MAX
ROWS
 N obj
 L r0
 L r1
 L r2
 L r3
 L r4
 L r5
 L c0
 L c1
 L c2
 L c3
 L c4
 L c5
 L d0
 L d1
 L d2
 L d3
 L d4
 L d5
 L d6
 L d7
 L d8
 L d9
 L d10
 L d11
 L d12
 L d13
 L d14
 L d15
 L d16
 L d17
COLUMNS
    M0 'MARKER' 'INTORG'
    q00 obj 1
    q00 r0 1
    q00 c0 1
    q00 d13 1
    q01 obj 1
    q01 r0 1
    q01 c1 1
    q01 d0 1
    q01 d12 1
    q02 obj 1
    q02 r0 1
    q02 c2 1
    q02 d1 1
    q02 d11 1
    q03 obj 1
    q03 r0 1
    q03 c3 1
    q03 d2 1
    q03 d10 1
    q04 obj 1
    q04 r0 1
    q04 c4 1
    q04 d3 1
    q04 d9 1
    q05 obj 1
    q05 r0 1
    q05 c5 1
    q05 d4 1
    q10 obj 1
    q10 r1 1
    q10 c0 1
    q10 d0 1
    q10 d14 1
    q11 obj 1
    q11 r1 1
    q11 c1 1
    q11 d1 1
    q11 d13 1
    q12 obj 1
    q12 r1 1
    q12 c2 1
    q12 d2 1
    q12 d12 1
    q13 obj 1
    q13 r1 1
    q13 c3 1
    q13 d3 1
    q13 d11 1
    q14 obj 1
    q14 r1 1
    q14 c4 1
    q14 d4 1
    q14 d10 1
    q15 obj 1
    q15 r1 1
    q15 c5 1
    q15 d5 1
    q15 d9 1
    q20 obj 1
    q20 r2 1
    q20 c0 1
    q20 d1 1
    q20 d15 1
    q21 obj 1
    q21 r2 1
    q21 c1 1
    q21 d2 1
    q21 d14 1
    q22 obj 1
    q22 r2 1
    q22 c2 1
    q22 d3 1
    q22 d13 1
    q23 obj 1
    q23 r2 1
    q23 c3 1
    q23 d4 1
    q23 d12 1
    q24 obj 1
    q24 r2 1
    q24 c4 1
    q24 d5 1
    q24 d11 1
    q25 obj 1
    q25 r2 1
    q25 c5 1
    q25 d6 1
    q25 d10 1
    q30 obj 1
    q30 r3 1
    q30 c0 1
    q30 d2 1
    q30 d16 1
    q31 obj 1
    q31 r3 1
    q31 c1 1
    q31 d3 1
    q31 d15 1
    q32 obj 1
    q32 r3 1
    q32 c2 1
    q32 d4 1
    q32 d14 1
    q33 obj 1
    q33 r3 1
    q33 c3 1
    q33 d5 1
    q33 d13 1
    q34 obj 1
    q34 r3 1
    q34 c4 1
    q34 d6 1
    q34 d12 1
    q35 obj 1
    q35 r3 1
    q35 c5 1
    q35 d7 1
    q35 d11 1
    q40 obj 1
    q40 r4 1
    q40 c0 1
    q40 d3 1
    q40 d17 1
    q41 obj 1
    q41 r4 1
    q41 c1 1
    q41 d4 1
    q41 d16 1
    q42 obj 1
    q42 r4 1
    q42 c2 1
    q42 d5 1
    q42 d15 1
    q43 obj 1
    q43 r4 1
    q43 c3 1
    q43 d6 1
    q43 d14 1
    q44 obj 1
    q44 r4 1
    q44 c4 1
    q44 d7 1
    q44 d13 1
    q45 obj 1
    q45 r4 1
    q45 c5 1
    q45 d8 1
    q45 d12 1
    q50 obj 1
    q50 r5 1
    q50 c0 1
    q50 d4 1
    q51 obj 1
    q51 r5 1
    q51 c1 1
    q51 d5 1
    q51 d17 1
    q52 obj 1
    q52 r5 1
    q52 c2 1
    q52 d6 1
    q52 d16 1
    q53 obj 1
    q53 r5 1
    q53 c3 1
    q53 d7 1
    q53 d15 1
    q54 obj 1
    q54 r5 1
    q54 c4 1
    q54 d8 1
    q54 d14 1
    q55 obj 1
    q55 r5 1
    q55 c5 1
    q55 d13 1
    M1 'MARKER' 'INTEND'
RHS
    RHS r0 1
    RHS r1 1
    RHS r2 1
    RHS r3 1
    RHS r4 1
    RHS r5 1
    RHS c0 1
    RHS c1 1
    RHS c2 1
    RHS c3 1
    RHS c4 1
    RHS c5 1
    RHS d0 1
    RHS d1 1
    RHS d2 1
    RHS d3 1
    RHS d4 1
    RHS d5 1
    RHS d6 1
    RHS d7 1
    RHS d8 1
    RHS d9 1
    RHS d10 1
    RHS d11 1
    RHS d12 1
    RHS d13 1
    RHS d14 1
    RHS d15 1
    RHS d16 1
    RHS d17 1
BOUNDS
 BV BND q00
 BV BND q01
 BV BND q02
 BV BND q03
 BV BND q04
 BV BND q05
 BV BND q10
 BV BND q11
 BV BND q12
 BV BND q13
 BV BND q14
 BV BND q15
 BV BND q20
 BV BND q21
 BV BND q22
 BV BND q23
 BV BND q24
 BV BND q25
 BV BND q30
 BV BND q31
 BV BND q32
 BV BND q33
 BV BND q34
 BV BND q35
 BV BND q40
 BV BND q41
 BV BND q42
 BV BND q43
 BV BND q44
 BV BND q45
 BV BND q50
 BV BND q51
 BV BND q52
 BV BND q53
 BV BND q54
 BV BND q55
ENDATA
