"""Les carnets en pages lisibles sans réseau."""
