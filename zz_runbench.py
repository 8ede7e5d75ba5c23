from bench.ground import ground, inside
with ground("review", products=20) as env:
    inside(env, "bench.reviews")
