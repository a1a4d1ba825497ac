-- How many patches of an image are reused: of its columns p0 to p15.
(p0 >= $tau_reuse::FLOAT)::UTINYINT + (p1 >= $tau_reuse::FLOAT)::UTINYINT + (p2 >= $tau_reuse::FLOAT)::UTINYINT +
(p3 >= $tau_reuse::FLOAT)::UTINYINT + (p4 >= $tau_reuse::FLOAT)::UTINYINT + (p5 >= $tau_reuse::FLOAT)::UTINYINT +
(p6 >= $tau_reuse::FLOAT)::UTINYINT + (p7 >= $tau_reuse::FLOAT)::UTINYINT + (p8 >= $tau_reuse::FLOAT)::UTINYINT +
(p9 >= $tau_reuse::FLOAT)::UTINYINT + (p10 >= $tau_reuse::FLOAT)::UTINYINT + (p11 >= $tau_reuse::FLOAT)::UTINYINT +
(p12 >= $tau_reuse::FLOAT)::UTINYINT + (p13 >= $tau_reuse::FLOAT)::UTINYINT + (p14 >= $tau_reuse::FLOAT)::UTINYINT +
(p15 >= $tau_reuse::FLOAT)::UTINYINT
