"""The models behind a comparison: Cox's, stratified and with an effect for each goal, and weighed."""
