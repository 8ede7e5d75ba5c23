from bench.ground import ground, inside
with ground("review", products=50) as env:
    inside(env, "bench.reviews")
