* along (2 -1) of free columns
NAME free_ray
ROWS
 N obj
 E c
COLUMNS
    x obj -1
    x c 1
    y obj 1
    y c 2
RHS
    RHS c 7
BOUNDS
 FR BND x
 FR BND y
ENDATA
