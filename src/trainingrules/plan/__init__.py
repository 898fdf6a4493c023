"""A question of a policy as a flat program of steps, from which the compiled and the columnar engines are written."""
