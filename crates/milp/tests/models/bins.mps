* 4 + 5 fills a bin of 9
NAME bins
ROWS
 N obj
 E i0
 E i1
 E i2
 E i3
 E i4
 E i5
 L k0
 L k1
 L k2
 L k3
COLUMNS
    M0 'MARKER' 'INTORG'
    b0 obj 1
    b0 k0 -9
    b1 obj 1
    b1 k1 -9
    b2 obj 1
    b2 k2 -9
    b3 obj 1
    b3 k3 -9
    y0_0 i0 1
    y0_0 k0 4
    y0_1 i0 1
    y0_1 k1 4
    y0_2 i0 1
    y0_2 k2 4
    y0_3 i0 1
    y0_3 k3 4
    y1_0 i1 1
    y1_0 k0 4
    y1_1 i1 1
    y1_1 k1 4
    y1_2 i1 1
    y1_2 k2 4
    y1_3 i1 1
    y1_3 k3 4
    y2_0 i2 1
    y2_0 k0 4
    y2_1 i2 1
    y2_1 k1 4
    y2_2 i2 1
    y2_2 k2 4
    y2_3 i2 1
    y2_3 k3 4
    y3_0 i3 1
    y3_0 k0 5
    y3_1 i3 1
    y3_1 k1 5
    y3_2 i3 1
    y3_2 k2 5
    y3_3 i3 1
    y3_3 k3 5
    y4_0 i4 1
    y4_0 k0 5
    y4_1 i4 1
    y4_1 k1 5
    y4_2 i4 1
    y4_2 k2 5
    y4_3 i4 1
    y4_3 k3 5
    y5_0 i5 1
    y5_0 k0 5
    y5_1 i5 1
    y5_1 k1 5
    y5_2 i5 1
    y5_2 k2 5
    y5_3 i5 1
    y5_3 k3 5
    M1 'MARKER' 'INTEND'
RHS
    RHS i0 1
    RHS i1 1
    RHS i2 1
    RHS i3 1
    RHS i4 1
    RHS i5 1
BOUNDS
 BV BND b0
 BV BND b1
 BV BND b2
 BV BND b3
 BV BND y0_0
 BV BND y0_1
 BV BND y0_2
 BV BND y0_3
 BV BND y1_0
 BV BND y1_1
 BV BND y1_2
 BV BND y1_3
 BV BND y2_0
 BV BND y2_1
 BV BND y2_2
 BV BND y2_3
 BV BND y3_0
 BV BND y3_1
 BV BND y3_2
 BV BND y3_3
 BV BND y4_0
 BV BND y4_1
 BV BND y4_2
 BV BND y4_3
 BV BND y5_0
 BV BND y5_1
 BV BND y5_2
 BV BND y5_3
ENDATA
