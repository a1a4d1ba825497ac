"""The miniature study: references whose pictures code draws, and the training of the small pipeline that knows them."""
